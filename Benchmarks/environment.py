"""The throw-away environment of the peers: built once, from PyPI, and built again when what it needs changes."""

import hashlib
import subprocess
import sys
import venv
from pathlib import Path

import torch_environment

HERE = Path(__file__).resolve().parent


def build(folder, pip_options):
    """The environment's Python; None where it could not be made, with the reason on standard error."""
    folder = Path(folder).resolve()
    python = folder / "venv" / "bin" / "python"
    stamp = folder / "venv" / "stamp"
    texts = [(HERE / name).read_text() for name in ("requirements.txt", "requirements-torch.txt", "torch_environment.py")]
    wanted = hashlib.sha256("".join(texts).encode()).hexdigest()
    if stamp.exists() and stamp.read_text() == wanted:
        return str(python)
    try:
        torch_environment.say(f"building the peers' environment in {folder} (about 1 GB to fetch) ...")
        venv.create(folder / "venv", with_pip=True, clear=True)
        torch_environment.pip(str(python), *pip_options, "-r", str(HERE / "requirements.txt"))
        torch_environment.install(str(python), *pip_options)
        stamp.write_text(wanted)
        return str(python)
    except (OSError, subprocess.CalledProcessError) as error:
        torch_environment.say(f"no peers: {error} (Debian's Python needs the package python3-venv)")
        return None


def add_extras(python, folder):
    """What not every machine can have, without what it asks for that is not used here; tried once for each list."""
    listed = (HERE / "requirements-extras.txt").read_text()
    stamp = Path(folder).resolve() / "venv" / "stamp-extras"
    if stamp.exists() and stamp.read_text() == listed:
        return
    for name in (line for line in listed.splitlines() if line and not line.startswith("#")):
        try:
            torch_environment.say(f"installing {name} ...")
            torch_environment.pip(python, "--no-deps", name)
        except (OSError, subprocess.CalledProcessError) as error:
            torch_environment.say(f"without {name}: {error}")
    stamp.write_text(listed)


def prepare(python, assets, photographs, count):
    """Makes the peers' saved models and the folder of JPEGs, once."""
    assets = Path(assets).resolve()
    stamp, wanted = assets / "stamp", f"{photographs} {count}"
    if stamp.exists() and stamp.read_text() == wanted:
        return
    torch_environment.say("preparing models and images ...")
    command = [python, str(HERE / "Peers" / "prepare.py"), "--assets", str(assets), "--count", str(count)]
    run = subprocess.run(command + (["--photographs", photographs] if photographs else []), capture_output=True, text=True)
    if run.returncode:
        torch_environment.say(f"not everything could be prepared: {run.stderr[-500:]}")
    else:
        stamp.write_text(wanted)


if __name__ == "__main__":
    print(build(sys.argv[1], sys.argv[2:]))
