"""Makes the fixtures beside it: what PyTorch, SciPy and Matplotlib say of what the plugins compute.

  python Plugins/Tests/Fixtures/generate.py      in the environment that Tests/Fixtures/README.md makes, with scipy and
                                                 matplotlib installed in it as well
"""

import sys
from pathlib import Path

import matplotlib
import numpy
import scipy.ndimage
import torch
import torch.nn.functional as functional

HERE = Path(__file__).resolve().parent
sys.path.insert(0, str(HERE.parents[2] / "Tests/Fixtures/Generators"))
from fixture_file import Numbers, write  # noqa: E402


def layer(name, shape, compute, low=-1.0, high=1.0, **parameters):
    """Output and gradients of one layer; PyTorch computes in double precision."""
    numbers = Numbers(name)
    tensors = {"input": numbers.uniform(*shape, low=low, high=high)}
    for key, extents in parameters.items():
        tensors[f"parameter.{key}"] = numbers.uniform(*extents, low=0.1, high=0.6)
    leaves = {key: torch.tensor(value, dtype=torch.float64, requires_grad=True) for key, value in tensors.items()}
    output = compute(*leaves.values())
    gradient = numbers.uniform(*output.shape)
    output.backward(torch.tensor(gradient, dtype=torch.float64))
    tensors["output"] = output.detach().numpy().astype(numpy.float32)
    tensors["outputGradient"] = gradient
    for key, leaf in leaves.items():
        target = "inputGradient" if key == "input" else key.replace("parameter", "gradient")
        tensors[target] = leaf.grad.numpy().astype(numpy.float32)
    write(HERE / f"{name}.safetensors", tensors, {"kind": name})


def pyramid(levels):
    return lambda input: torch.cat([functional.adaptive_max_pool2d(input, level).flatten(1) for level in levels], 1)


def deslant():
    """Two bars that lean to either side, in a picture with a little noise."""
    numbers = Numbers("deslant")
    height, width = 20, 24
    picture = 0.02 * numbers.uniform(height, width, low=0.0)
    for y in range(3, 17):
        picture[y, 5 + y // 2 : 8 + y // 2] += 0.8
        picture[y, 12 + y // 3] += 0.5
    ys, xs = numpy.mgrid[:height, :width].astype(numpy.float64)
    ink = picture.astype(numpy.float64)
    cx, cy = (xs * ink).sum() / ink.sum(), (ys * ink).sum() / ink.sum()
    slant = ((xs - cx) * (ys - cy) * ink).sum() / ((ys - cy) ** 2 * ink).sum()
    # Output (y, x) is input (y, x + slant·(y − cy)).
    matrix = numpy.array([[1.0, 0.0], [slant, 1.0]])
    # Constant and not "grid-constant" would cut off what lies between the last pixel and the paper.
    upright = scipy.ndimage.affine_transform(ink, matrix, offset=[0.0, -slant * cy], order=1, mode="grid-constant", cval=0.0)
    tensors = {"input": picture.astype(numpy.float32), "output": upright.astype(numpy.float32)}
    write(HERE / "deslant.safetensors", tensors, {"kind": "deslant", "slant": repr(float(slant))})


def focal():
    numbers = Numbers("focal")
    outputs = numbers.uniform(6, 5, low=-3.0, high=3.0)
    targets = numbers.integers(5, 6)
    leaf = torch.tensor(outputs, dtype=torch.float64, requires_grad=True)
    logarithms = functional.log_softmax(leaf, 1).gather(1, torch.tensor(targets, dtype=torch.int64)[:, None])[:, 0]
    loss = -((1 - logarithms.exp()) ** 2 * logarithms).sum()
    loss.backward()
    tensors = {
        "output": outputs,
        "targets": targets,
        "loss": numpy.array([loss.item()], numpy.float32),
        "outputGradient": leaf.grad.numpy().astype(numpy.float32),
    }
    write(HERE / "focal.safetensors", tensors, {"kind": "focal", "gamma": "2"})


def cubehelix():
    colors = matplotlib.colormaps["cubehelix"](numpy.linspace(0, 1, 256))[:, :3]
    write(HERE / "cubeHelix.safetensors", {"colors": (255 * colors).astype(numpy.float32)}, {"kind": "cubeHelix"})


def main():
    # PyTorch divides alpha by the window's size; AlexNet's paper, which the plugin follows, does not.
    layer(
        "localResponseNormalization", (2, 7, 3, 4),
        lambda input: functional.local_response_norm(input, 5, alpha=0.3 * 5, beta=0.75, k=2.0), low=-2.0, high=2.0,
    )  # fmt: skip
    layer("parametricRelu", (3, 4, 3, 5), lambda input, slope: functional.prelu(input, slope), slope=(4,))
    layer("spatialPyramidPooling", (2, 3, 7, 9), pyramid([1, 2, 4]))
    deslant()
    focal()
    cubehelix()


main()
