#!/usr/bin/env python3
"""Exports models as ONNX and runs them with ONNX Runtime and OpenCV's dnn; and the other way round, networks of torchvision.

Every built-in architecture, sample model and sample description is written as ONNX, with and without its preprocessing. What comes
out of ONNX Runtime, and without preprocessing out of OpenCV's dnn, is compared with what the toolkit itself computes, which the file
embeds. Then the file is imported and exported again, which must give the same file. The sample models are also quantized; of these, a
number between two bytes may become the other one.

With --torch, networks of torchvision with random weights are exported by both of PyTorch's exporters, imported, and compared with
PyTorch; and their weights are loaded by name into the architectures.

  Tests/Conformance/onnx-export.py [--program FILE] [--export-only] [--torch] [--size N] [NAME...]
"""
import argparse
import json
import pathlib
import subprocess
import sys
import tempfile

# Beside this script lies one with the name of a package.
sys.path.pop(0)
ROOT = pathlib.Path(__file__).resolve().parent.parent.parent
ENVIRONMENT = ROOT / ".build" / "onnx-export"
PACKAGES = ["numpy", "onnx==1.19.1", "onnxruntime", "opencv-python-headless"]
TORCH = ["torch", "torchvision", "onnxscript", "safetensors"]
ARCHITECTURES = ["lenet", "mnist-2conv", "cats-and-dogs", "lenet5-1998", "small-resnet", "resnet18", "resnet50", "mobilenet-v2",
                 "squeezenet-1.1", "efficientnet-b0"]
# What PyTorch calls them.
NETWORKS = {"resnet18": "resnet18", "mobilenet-v2": "mobilenet_v2", "squeezenet-1.1": "squeezenet1_1",
            "efficientnet-b0": "efficientnet_b0"}


def arguments():
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--program", default=str(ROOT / ".build/release/fovea"))
    parser.add_argument("--torch", action="store_true")
    parser.add_argument("--size", type=int, default=224, help="of the pictures that torchvision's networks take")
    parser.add_argument("--export-only", action="store_true", help="leave out what takes long with a program that is not optimized")
    parser.add_argument("names", nargs="*")
    return parser.parse_args()


def enter_environment(given):
    """Goes on in an environment of its own, which is made where it is missing."""
    try:
        import cv2, onnx, onnxruntime  # noqa: F401
        if given.torch:
            import onnxscript, safetensors, torch, torchvision  # noqa: F401
        return
    except ImportError:
        python = ENVIRONMENT / "bin" / "python"
        if pathlib.Path(sys.executable) == python:
            raise
    subprocess.run([sys.executable, "-m", "venv", ENVIRONMENT], check=True)
    subprocess.run([python, "-m", "pip", "install", "-q", *PACKAGES, *(TORCH if given.torch else [])], check=True)
    raise SystemExit(subprocess.run([python, *sys.argv]).returncode)


def fovea(program, *words):
    result = subprocess.run([program, *map(str, words)], capture_output=True, text=True)
    if result.returncode:
        raise RuntimeError(f"fovea {' '.join(map(str, words))}: {result.stderr.strip()}")
    return result.stdout


def difference(got, wanted):
    """Relative to the largest number."""
    import numpy
    return float(numpy.abs(got - wanted).max() / max(numpy.abs(wanted).max(), 1e-6))


def embedded_test(model):
    """The inputs and the expected outputs that the file embeds; see Documentation/ONNX.md."""
    import numpy
    test = json.loads({entry.key: entry.value for entry in model.metadata_props}["fovea.test"])
    inputs = {}
    for value in model.graph.input:
        shape = test["inputs"][value.name]
        numbers = (7919 * numpy.arange(numpy.prod(shape)) + 12345) % 65537
        isPicture = value.type.tensor_type.elem_type == 2
        inputs[value.name] = ((numbers % 256).astype("uint8") if isPicture else (numbers / 65536).astype("float32")).reshape(shape)
    return inputs, {name: numpy.array(output["numbers"], "float32") for name, output in test["outputs"].items()}


def by_onnx_runtime(path, inputs):
    import onnxruntime
    session = onnxruntime.InferenceSession(str(path), providers=["CPUExecutionProvider"])
    names = [output.name for output in session.get_outputs()]
    return dict(zip(names, session.run(names, inputs)))


def by_opencv(path, inputs, names):
    import cv2
    net = cv2.dnn.readNetFromONNX(str(path))
    for name, value in inputs.items():
        net.setInput(value, name)
    return dict(zip(names, net.forward(list(names))))


def compare(path, runner):
    import onnx
    model = onnx.load(path)
    onnx.checker.check_model(model, full_check=True)
    inputs, expected = embedded_test(model)
    got = runner(path, inputs) if runner is by_onnx_runtime else runner(path, inputs, list(expected))
    return max(difference(got[name].ravel()[:len(numbers)], numbers) for name, numbers in expected.items())


def exported(program, source, folder, isAlone):
    """The differences, by what was compared."""
    figures = {}
    whole, bare, again = folder / "whole.onnx", folder / "bare.onnx", folder / "again.onnx"
    fovea(program, "export", source, "-o", whole)
    figures["with preprocessing"] = compare(whole, by_onnx_runtime)
    fovea(program, "export", source, "-o", bare, "--without-preprocessing", "--batch-size", 1)
    figures["ONNX Runtime"] = compare(bare, by_onnx_runtime)
    try:
        figures["OpenCV"] = compare(bare, by_opencv)
    except Exception as error:  # OpenCV's own, of any sort
        figures["OpenCV"] = str(error).strip().split("\n")[-1][:90]
    if isAlone:
        return figures
    model = folder / "model.safetensors"
    fovea(program, "import", whole, "-o", model)
    fovea(program, "export", model, "-o", again)
    figures["again"] = "the same file" if again.read_bytes() == whole.read_bytes() else compare(again, by_onnx_runtime)
    return figures


def quantized(program, source, folder, isAlone):
    model = folder / "quantized.safetensors"
    pictures = ROOT / "Samples/Images" / ("clothes" if "fashion" in source.name else "digits")
    fovea(program, "quantize", source, "--calibration", pictures, "-o", model, "--keep", "none", "--force", "-q")
    return exported(program, model, folder, isAlone)


def random_network(name, size):
    """With running statistics that are not those of a fresh network."""
    import torch
    import torchvision
    torch.manual_seed(7)
    network = getattr(torchvision.models, name)(weights=None).eval()
    for module in network.modules():
        if isinstance(module, torch.nn.BatchNorm2d):
            module.running_mean.normal_(0, 0.1)
            module.running_var.uniform_(0.5, 1.5)
            module.weight.data.uniform_(0.5, 1.5)
            module.bias.data.normal_(0, 0.1)
    return network, torch.rand(2, 3, size, size)


def imported(program, name, size, folder):
    import numpy
    import torch
    from safetensors.torch import save_file
    network, images = random_network(NETWORKS[name], size)
    with torch.no_grad():
        expected = network(images).numpy()
    numpy.save(folder / "images.npy", images.numpy())
    figures = {}

    def outputs(model):
        fovea(program, "run", model, "--input", folder / "images.npy", "-o", folder / "outputs")
        files = list((folder / "outputs").glob("*.npy"))
        result = numpy.load(files[0])
        for file in files:
            file.unlink()
        return result

    for exporter in ("old", "dynamo"):
        path, model = folder / f"{exporter}.onnx", folder / f"{exporter}.safetensors"
        torch.onnx.export(network, (images[:1],), str(path), dynamo=exporter == "dynamo", **(
            {"input_names": ["image"], "output_names": ["scores"]}))
        report = json.loads(fovea(program, "import", path, "-o", model, "--json", "-q"))
        kept = len(report["remaining"])
        figures[exporter] = difference(outputs(model), expected)
        figures[f"{exporter}: layers"] = f"{report['layers']}" + (f", {kept} of them nodes" if kept else "")
        again = folder / "again.onnx"
        fovea(program, "export", model, "-o", again, "--without-preprocessing")
        figures[f"{exporter}: ONNX again"] = difference(by_onnx_runtime(again, {"image": images.numpy()}).popitem()[1], expected)
    weights, model = folder / "weights.safetensors", folder / "named.safetensors"
    save_file(network.state_dict(), str(weights))
    fovea(program, "import", weights, "--architecture", name, "--names", "torchvision", "-o", model, "-q")
    if size == 224:
        figures["names"] = difference(outputs(model), expected)
    return figures


def main():
    given = arguments()
    enter_environment(given)
    import warnings
    warnings.filterwarnings("ignore")
    samples = sorted((ROOT / "Samples/Models").glob("*.safetensors")) + sorted((ROOT / "Samples/Descriptions").glob("*.yaml"))
    tasks = [(name, 1e-4, lambda folder, name=name: imported(given.program, name, given.size, folder)) for name in NETWORKS]
    if not given.torch:
        tasks = [(str(source), 1e-5, lambda folder, source=source: exported(given.program, source, folder, given.export_only))
                 for source in ARCHITECTURES + samples]
        tasks += [(f"{source.stem} in bytes", 0.05, lambda folder, source=source: quantized(given.program, source, folder, given.export_only))
                  for source in samples if source.suffix == ".safetensors" and not source.stem.startswith("lenet5")]
    failures = 0
    for name, limit, task in tasks:
        title = pathlib.Path(name).name
        if given.names and title not in given.names and name not in given.names:
            continue
        with tempfile.TemporaryDirectory(prefix="fovea-onnx-") as folder:
            try:
                figures = task(pathlib.Path(folder))
            except Exception as error:
                figures = {"error": str(error)}
        wrong = [key for key, value in figures.items()
                 if key == "error" or isinstance(value, float) and not value <= limit]
        failures += bool(wrong)
        words = "; ".join(f"{key} {value:.1e}" if isinstance(value, float) else f"{key}: {value}" for key, value in figures.items())
        print(f"{'FAILED' if wrong else 'ok':6} {title:24} {words}", flush=True)
    raise SystemExit(1 if failures else 0)


main()
