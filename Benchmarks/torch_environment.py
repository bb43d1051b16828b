"""Installs PyTorch for the central processor from PyPI, without the 2 GB of CUDA packages that its wheel asks for.

PyPI's Linux wheel is linked against CUDA's libraries, and loads none of their functions on a machine without a GPU.
So CUDA's small runtime comes from PyPI as well (it answers "no device"), and the others are replaced by stand-ins:
libraries of the same name whose functions return an error and are never called. Where there is no C compiler, or the
wheel still does not load, everything is installed as the wheel asks. Either way the computing code is PyTorch's own.
"""

import re
import subprocess
import sys
from pathlib import Path

TORCH = "torch==2.15.0"
SMALL_CUDA_PACKAGES = ["nvidia-cuda-runtime==13.2.*", "nvidia-cuda-cupti==13.2.*"]


def say(text):
    print(text, file=sys.stderr, flush=True)


def pip(python, *arguments):
    subprocess.run([python, "-m", "pip", "install", "--quiet", *arguments], check=True, stdout=sys.stderr)


def imports(python):
    """Whether PyTorch loads and computes there, and the last line of what it said."""
    run = subprocess.run([python, "-c", "import torch; torch.ones(2).sum()"], capture_output=True, text=True)
    return run.returncode == 0, run.stderr.strip().splitlines()[-1:] or [""]


def output(*command):
    return subprocess.run(command, check=True, capture_output=True, text=True).stdout


def site_packages(python):
    return Path(output(python, "-c", "import sysconfig; print(sysconfig.get_paths()['purelib'])").strip())


def stand_ins(python):
    """Compiles one stand-in for each CUDA library that PyTorch's libraries need and that is not there."""
    folder = site_packages(python) / "torch" / "lib"
    target = site_packages(python) / "nvidia" / "cu13" / "lib"
    target.mkdir(parents=True, exist_ok=True)
    libraries = sorted(folder.glob("lib*.so*"))
    needed, defined, versions, wanted = set(), set(), {}, {}
    for library in libraries:
        needed |= set(re.findall(r"\(NEEDED\).*\[(.*)\]", output("readelf", "-W", "-d", str(library))))
        file = None
        for line in output("readelf", "-W", "-V", str(library)).splitlines():
            if found := re.search(r"Version: 1 +File: (\S+)", line):
                file = found[1]
            elif found := re.search(r"Name: (\S+) +Flags", line):
                versions[found[1]] = file
        for line in output("nm", "-D", str(library)).splitlines():
            symbol, _, version = line.split()[-1].replace("@@", "@").partition("@")
            if line.split()[-2] == "U":
                wanted.setdefault(version, set()).add(symbol)
            else:
                defined.add(symbol)
    present = {path.name for path in libraries} | {path.name for path in target.iterdir()}
    missing = sorted(name for name in needed - present if re.match(r"lib(cu|nv|nccl)", name) and name != "libcuda.so.1")
    # Without a version nothing tells which library a function is from, and the loader does not ask: one has them all.
    loose = {name for name in wanted.get("", set()) - defined if re.match(r"cu|nv|nccl", name)}
    for index, name in enumerate(missing):
        own = {version: wanted.get(version, set()) for version, file in versions.items() if file == name}
        symbols = set().union(*own.values(), loose if index == 0 else set())
        source, script = target / f"{name}.c", target / f"{name}.map"
        source.write_text("".join(f"int {symbol}(void) {{ return 1; }}\n" for symbol in sorted(symbols)) or "int none;\n")
        script.write_text(
            "".join(f"{version} {{ global: {' '.join(f'{each};' for each in sorted(own[version]))} }};\n" for version in own)
        )
        arguments = ["-shared", "-fPIC", "-w", "-fno-builtin", f"-Wl,-soname,{name}", "-o", str(target / name), str(source)]
        subprocess.run(["cc", *arguments, *([f"-Wl,--version-script={script}"] if own else [])], check=True)
    return missing


def install(python, *options):
    """Installs PyTorch into the environment of `python`; `options` go to pip, as `--find-links FOLDER`."""
    requirements = Path(__file__).with_name("requirements-torch.txt")
    pip(python, *options, "-r", str(requirements))
    pip(python, *options, "--no-deps", TORCH)
    if imports(python)[0]:
        return
    try:
        pip(python, *options, "--no-deps", *SMALL_CUDA_PACKAGES)
        say(f"PyTorch: stand-ins for {', '.join(stand_ins(python))}")
    except (OSError, subprocess.CalledProcessError) as error:
        say(f"PyTorch: no stand-ins ({error})")
    loads, problem = imports(python)
    if not loads:
        say(f"PyTorch: {problem[0]}; installing its CUDA packages")
        pip(python, *options, TORCH)


if __name__ == "__main__":
    install(*sys.argv[1:])
