"""Makes Tests/Fixtures/Architectures: what torchvision's networks put out, with weights by a rule that needs no file.

Each tensor's numbers come from its name: SplitMix64, begun with the name's FNV-1a hash, gives numbers u in 0…1 of 24 bits, from
which the weights follow as in `values`. PyTorch computes in float64, of these as float32.
"""

import numpy
import torch
import torchvision

from fixture_file import main, write

NETWORKS = {
    # Fovea's name: torchvision's
    "resnet18": "resnet18",
    "resnet50": "resnet50",
    "mobilenet-v2": "mobilenet_v2",
    "squeezenet-1.1": "squeezenet1_1",
    "efficientnet-b0": "efficientnet_b0",
    "vit-tiny": None,
}
SHAPE = (2, 3, 64, 64)


def numbers(name, count):
    seed = 0xCBF29CE484222325
    for byte in name.encode():
        seed = (seed ^ byte) * 0x100000001B3 % 2**64
    with numpy.errstate(over="ignore"):
        state = numpy.uint64(seed) + numpy.arange(1, count + 1, dtype=numpy.uint64) * numpy.uint64(0x9E3779B97F4A7C15)
        state = (state ^ (state >> numpy.uint64(30))) * numpy.uint64(0xBF58476D1CE4E5B9)
        state = (state ^ (state >> numpy.uint64(27))) * numpy.uint64(0x94D049BB133111EB)
        state ^= state >> numpy.uint64(31)
    return (state >> numpy.uint64(40)).astype(numpy.float32) * numpy.float32(2.0**-24)


def values(name, shape, is_normalization):
    u = numbers(name, int(numpy.prod(shape))).reshape(shape)
    kind = name.rsplit(".", 1)[-1]
    if kind == "running_var" or kind == "weight" and is_normalization:
        return numpy.float32(0.5) + u
    if kind == "weight":
        reach = numpy.float32(numpy.sqrt(6.0 / numpy.prod(shape[1:])))
        return reach * (2 * u - 1)
    return numpy.float32(0.2) * (2 * u - 1)


def made(function):
    if function:
        return getattr(torchvision.models, function)(weights=None)
    # Touvron et al. 2021, "Training data-efficient image transformers", table 1, for pictures of 64x64.
    return torchvision.models.VisionTransformer(
        image_size=64, patch_size=16, num_layers=12, num_heads=3, hidden_dim=192, mlp_dim=768)  # fmt: skip


def generate(root):
    for name, function in NETWORKS.items():
        network = made(function).eval()
        kinds = (torch.nn.BatchNorm2d, torch.nn.LayerNorm)
        normalizations = {place for place, module in network.named_modules() if isinstance(module, kinds)}
        state = {}
        for key, tensor in network.state_dict().items():
            if key.endswith("num_batches_tracked"):
                continue
            state[key] = torch.tensor(values(key, tuple(tensor.shape), key.rsplit(".", 1)[0] in normalizations))
        network.load_state_dict(state, strict=False)
        parameters = sum(parameter.numel() for parameter in network.parameters())
        epsilons = {module.eps for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)}
        momenta = {module.momentum for module in network.modules() if isinstance(module, torch.nn.BatchNorm2d)}
        image = 2 * numbers("image", int(numpy.prod(SHAPE))).reshape(SHAPE) - 1
        with torch.no_grad():
            output = network.double()(torch.tensor(image, dtype=torch.float64))
        write(
            root / "Architectures" / f"{name}.safetensors",
            {"output": output.numpy().astype(numpy.float32)},
            {
                "torchvision": function or "VisionTransformer", "parameters": str(parameters),
                "epsilon": ",".join(map(str, epsilons)), "momentum": ",".join(map(str, momenta)),
            },
        )  # fmt: skip


if __name__ == "__main__":
    main(["Architectures"], generate)
