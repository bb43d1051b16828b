#!/usr/bin/env python3
"""Sets Fovea's projections beside scikit-learn's, openTSNE's and umap-learn's: time, and how far neighbors stay neighbors.

  Tests/Conformance/projection.py DATA [--fovea PROGRAM] [--threads N] [--only WORD]

DATA is a folder with MNIST's files, whose ten thousand test pictures are taken, as 784 numbers each and as their 50 principal
components. Everybody gets the same array and as many threads, one after the other, in this run; trustworthiness (k = 5) is measured
here, by one function, against the 784 numbers. Times are those of the projection alone: of scikit-learn's and the others' fit, and
what Fovea says that it took. The packages go into a throw-away environment, unless this Python has them.
"""
import argparse
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import time

PACKAGES = ["numpy", "scikit-learn", "openTSNE", "umap-learn"]
LEAST_SPEED, MOST_LOSS = 2.0, 0.005


def ensure_packages():
    try:
        import numpy, openTSNE, sklearn, umap  # noqa: F401, E401
    except ImportError:
        folder = tempfile.mkdtemp(prefix="fovea-projection-")
        subprocess.run([sys.executable, "-m", "venv", folder], check=True)
        python = pathlib.Path(folder) / "bin/python"
        subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES], check=True)
        os.execv(python, [str(python), *sys.argv])


def trustworthiness(points, plane, k=5):
    """Venna and Kaski's, a block of rows at a time, so that no matrix of all pairs is needed."""
    import numpy
    from sklearn.neighbors import NearestNeighbors
    count = len(points)
    near = NearestNeighbors(n_neighbors=k).fit(plane).kneighbors(return_distance=False)
    lengths = (points**2).sum(axis=1)
    penalty = 0
    for start in range(0, count, 500):
        rows = slice(start, min(start + 500, count))
        squares = lengths - 2 * points[rows] @ points.T
        squares[numpy.arange(squares.shape[0]), numpy.arange(rows.start, rows.stop)] = numpy.inf
        own = numpy.take_along_axis(squares, near[rows], axis=1)
        ranks = (squares[:, None, :] < own[:, :, None]).sum(axis=2) + 1
        penalty += numpy.maximum(ranks - k, 0).sum()
    return 1 - 2 / (count * k * (2 * count - 3 * k - 1)) * penalty


def fovea(program, model, data, folder, threads, kind):
    """The plane, the points, and the seconds that the projection took."""
    import numpy
    output = folder / "digits.npy"
    run = subprocess.run(
        [program, "embed", model, data, "-o", output, "--layer", "input", "--all-values", "--project", kind, "--threads",
         str(threads)], check=True, text=True, stderr=subprocess.PIPE)
    name = re.search(r"[a-z]+(?=[,}]|$)", kind.removeprefix("{kind: "))[0]
    seconds = float(re.search(r"dimensions in ([\d.]+) s", run.stderr)[1])
    rows = numpy.genfromtxt(f"{output}.{name}.csv", delimiter=",", skip_header=1, usecols=(-2, -1), comments=None)
    return rows, numpy.load(output), seconds


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("data", type=pathlib.Path)
    parser.add_argument("--fovea", default=str(pathlib.Path(__file__).parents[2] / ".build/release/fovea"))
    parser.add_argument("--threads", type=int, default=os.cpu_count())
    parser.add_argument("--only", default="")
    given = parser.parse_args()
    for name in ("OMP_NUM_THREADS", "OPENBLAS_NUM_THREADS", "NUMBA_NUM_THREADS"):
        os.environ[name] = str(given.threads)
    ensure_packages()
    import numpy
    import openTSNE
    import sklearn
    import umap
    from sklearn.decomposition import PCA
    from sklearn.manifold import TSNE
    results = []

    with tempfile.TemporaryDirectory() as folder:
        folder = pathlib.Path(folder)
        model = folder / "model.safetensors"
        subprocess.run(
            [given.fovea, "train", "lenet", given.data, "-o", model, "--epochs", "1", "-q"], check=True,
            stdout=subprocess.DEVNULL)
        _, points, _ = fovea(given.fovea, model, given.data, folder, given.threads, "pca")
        points = points.astype(numpy.float32)
        exact = points.astype(float)
        components = PCA(50, random_state=0).fit_transform(points)
        # Compiles what would be compiled during the first run.
        if "umap".startswith(given.only) or not given.only:
            umap.UMAP(n_jobs=given.threads, n_epochs=2).fit_transform(components[:500])

        def row(method, who, on, work):
            if given.only and given.only not in (method, who):
                return
            begun = time.monotonic()
            plane = work()
            seconds = time.monotonic() - begun
            if isinstance(plane, tuple):
                plane, _, seconds = plane
            trust = trustworthiness(exact, numpy.asarray(plane, float))
            results.append((method, who, on, seconds, trust))
            print(f"{method} {who} on {on}: {seconds:.1f} s, {trust:.4f}", file=sys.stderr, flush=True)

        def own(kind):
            return lambda: fovea(given.fovea, model, given.data, folder, given.threads, kind)

        row("tsne", "Fovea", "784", own("{kind: tsne, components: 0}"))
        row("tsne", "scikit-learn", "784", lambda: TSNE(
            method="barnes_hut", n_jobs=given.threads, random_state=1).fit_transform(points))
        row("tsne", "Fovea", "50", own("tsne"))
        row("tsne", "scikit-learn", "50", lambda: TSNE(
            method="barnes_hut", n_jobs=given.threads, random_state=1).fit_transform(components))
        row("tsne", "openTSNE", "50", lambda: openTSNE.TSNE(n_jobs=given.threads, random_state=1).fit(components))
        row("umap", "Fovea", "784", own("{kind: umap, components: 0}"))
        row("umap", "umap-learn", "784", lambda: umap.UMAP(n_jobs=given.threads).fit_transform(points))
        row("umap", "Fovea", "50", own("umap"))
        row("umap", "umap-learn", "50", lambda: umap.UMAP(n_jobs=given.threads).fit_transform(components))
        row("pca", "Fovea", "784", own("pca"))
        row("pca", "scikit-learn", "784", lambda: PCA(2, random_state=1).fit_transform(points))

    print(f"{len(points):,} pictures, {given.threads} threads; scikit-learn {sklearn.__version__}, "
          f"openTSNE {openTSNE.__version__}, umap-learn {umap.__version__}\n")
    print("| method | by | numbers each | seconds | trustworthiness |\n|---|---|---:|---:|---:|")
    for method, who, on, seconds, trust in results:
        print(f"| {method} | {who} | {on} | {seconds:.1f} | {trust:.4f} |")
    failed = False
    for on in ("784", "50"):
        both = {who: (seconds, trust) for method, who, where, seconds, trust in results
                if method == "tsne" and where == on and who in ("Fovea", "scikit-learn")}
        if len(both) == 2:
            (ours, trust), (theirs, other) = both["Fovea"], both["scikit-learn"]
            print(f"\nt-SNE of {on} numbers: {theirs / ours:.1f} times as fast as scikit-learn's, trustworthiness "
                  f"{trust - other:+.4f}")
            failed |= theirs / ours < LEAST_SPEED or trust < other - MOST_LOSS
    return 1 if failed else 0


sys.exit(main())
