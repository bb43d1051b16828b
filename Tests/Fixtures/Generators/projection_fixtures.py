"""Makes Tests/Fixtures/Projection: what NumPy, scikit-learn and umap-learn say of a few points in three clusters.

    pip install numpy safetensors scikit-learn umap-learn
"""

import numpy
from scipy.spatial.distance import squareform
from sklearn.manifold import trustworthiness
from sklearn.manifold._t_sne import _joint_probabilities_nn
from sklearn.neighbors import NearestNeighbors
from umap.umap_ import find_ab_params, fuzzy_simplicial_set, smooth_knn_dist

from fixture_file import Numbers, main, write

COUNT, DIMENSIONS, NEIGHBORS = 60, 8, 10
PERPLEXITY = 3


def points(name):
    numbers = Numbers(name)
    centers = numbers.uniform(3, DIMENSIONS, low=-2, high=2)
    spread = numbers.uniform(COUNT, DIMENSIONS) * numpy.linspace(1.5, 0.2, DIMENSIONS, dtype=numpy.float32)
    return centers[numpy.arange(COUNT) % 3] + spread


def generate(root):
    x = points("projection")
    exact = x.astype(float)
    _, singular, axes = numpy.linalg.svd(exact - exact.mean(axis=0), full_matrices=False)
    axes *= numpy.sign(axes[numpy.arange(len(axes)), numpy.abs(axes).argmax(axis=1)])[:, None]
    nearest = NearestNeighbors(n_neighbors=NEIGHBORS + 1, algorithm="brute").fit(exact)
    distances, indices = nearest.kneighbors(exact)
    angles = NearestNeighbors(n_neighbors=NEIGHBORS + 1, algorithm="brute", metric="cosine").fit(exact)
    cosines, cosine_indices = angles.kneighbors(exact)
    plane = exact[:, :2] + 0.3 * Numbers("plane").uniform(COUNT, 2)
    graph = nearest.kneighbors_graph(mode="distance")
    # Without the point itself; sklearn takes squared distances.
    graph.data **= 2
    graph.setdiag(0)
    graph.eliminate_zeros()
    joint = _joint_probabilities_nn(graph, PERPLEXITY, 0).toarray()
    units, beyond = smooth_knn_dist(distances.astype(numpy.float32), float(NEIGHBORS + 1))
    fuzzy, _, _ = fuzzy_simplicial_set(
        x, NEIGHBORS + 1, numpy.random.RandomState(1), "euclidean", knn_indices=indices, knn_dists=distances)
    tensors = {
        "points": x,
        "mean": exact.mean(axis=0),
        "axes": axes,
        "variances": singular**2 / (COUNT - 1),
        "neighbors": indices[:, 1:],
        "distances": distances[:, 1:],
        "cosineNeighbors": cosine_indices[:, 1:],
        "cosineDistances": cosines[:, 1:],
        "plane": plane,
        "trustworthiness": numpy.array([trustworthiness(exact, plane, n_neighbors=k) for k in (1, 5, 12)]),
        "joint": joint,
        "units": units,
        "beyond": beyond,
        "fuzzy": fuzzy.toarray(),
        "curves": numpy.array([find_ab_params(1.0, 0.1), find_ab_params(1.5, 0.5)]),
    }
    integers = ("neighbors", "cosineNeighbors")
    write(
        root / "Projection" / "clusters.safetensors",
        {name: value.astype(numpy.int32 if name in integers else numpy.float32) for name, value in tensors.items()},
        {"perplexity": str(PERPLEXITY)})


main(["Projection"], generate, tolerance=1e-4)
