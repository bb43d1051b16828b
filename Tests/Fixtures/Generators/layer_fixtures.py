"""Makes Tests/Fixtures/Layers: one layer, one input, and what PyTorch says of output and gradients.

Inputs are float32; PyTorch computes in float64, so the expected values are exact to float32's last digit.
"""

import json
import math

import numpy
import torch
import torch.nn.functional as functional

from fixture_file import Numbers, main, write

# Which of the six maps of S2 each of LeNet-5's sixteen C3 maps sees (LeCun et al. 1998, Table I).
LENET5_TABLE = (
    [sorted((first + step) % 6 for step in range(3)) for first in range(6)]
    + [sorted((first + step) % 6 for step in range(4)) for first in range(6)]
    + [[0, 1, 3, 4], [1, 2, 4, 5], [0, 2, 3, 5]]
    + [[0, 1, 2, 3, 4, 5]]
)


class Case:
    """One fixture: parameters and inputs go in, `finish` differentiates and writes."""

    def __init__(self, folder, kind, case, configuration, mode="training"):
        self.name = f"{kind}-{case}"
        self.folder = folder
        self.metadata = {"kind": kind, "configuration": json.dumps(configuration), "mode": mode}
        self.numbers = Numbers(self.name)
        self.tensors = {}
        self.leaves = {}

    def leaf(self, name, values):
        self.tensors[name] = values
        self.leaves[name] = torch.tensor(values, dtype=torch.float64, requires_grad=True)
        return self.leaves[name]

    def input(self, *shape, index=0, low=-1.0, high=1.0):
        return self.leaf("input" if index == 0 else f"input.{index}", self.numbers.uniform(*shape, low=low, high=high))

    def parameter(self, name, *shape, low=-0.5, high=0.5):
        return self.leaf(f"parameter.{name}", self.numbers.uniform(*shape, low=low, high=high))

    def state(self, name, *shape, low, high):
        """A parameter that no gradient reaches."""
        self.tensors[f"parameter.{name}"] = self.numbers.uniform(*shape, low=low, high=high)
        return torch.tensor(self.tensors[f"parameter.{name}"], dtype=torch.float64)

    def finish(self, *outputs, **updated):
        for index, output in enumerate(outputs):
            suffix = f".{index}" if index > 0 else ""
            self.tensors[f"output{suffix}"] = output.detach().numpy().astype(numpy.float32)
            if not output.requires_grad:
                continue
            gradient = self.numbers.uniform(*output.shape)
            output.backward(torch.tensor(gradient, dtype=torch.float64), retain_graph=True)
            self.tensors[f"outputGradient{suffix}"] = gradient
        for name, leaf in self.leaves.items():
            target = "inputGradient" + name[len("input"):] if name.startswith("input") else "gradient" + name[len("parameter"):]
            if leaf.grad is not None:
                self.tensors[target] = leaf.grad.numpy().astype(numpy.float32)
        for name, tensor in updated.items():
            self.tensors[f"updated.{name}"] = tensor.numpy().astype(numpy.float32)
        write(self.folder / f"{self.name}.safetensors", self.tensors, self.metadata)


def pair(value):
    return list(value) if isinstance(value, (list, tuple)) else [value, value]


def sides(padding, size, window, stride, dilation=(1, 1)):
    """Left, right, top, bottom, as PyTorch's `pad` takes them; `same` is TensorFlow's: the odd one at bottom and right."""
    if padding == "valid":
        return [0, 0, 0, 0]
    if padding != "same":
        return [padding["left"], padding["right"], padding["top"], padding["bottom"]]
    result = []
    for axis in (1, 0):
        reach = (window[axis] - 1) * dilation[axis] + 1
        total = max((math.ceil(size[axis] / stride[axis]) - 1) * stride[axis] + reach - size[axis], 0)
        result += [total // 2, total - total // 2]
    return result


def around(top, left, bottom, right):
    return {"top": top, "left": left, "bottom": bottom, "right": right}


def convolution(folder):
    cases = {
        # name: (input, filters, kernel, stride, dilation, groups, padding, bias)
        "valid": ((3, 3, 9, 7), 5, 3, 1, 1, 1, "valid", True),
        "pointwise": ((3, 5, 4, 7), 8, 1, 1, 1, 1, "valid", True),
        "pointwise-strided": ((1, 5, 7, 6), 3, 1, 2, 1, 1, "valid", True),
        "one-channel": ((5, 1, 12, 11), 6, 5, 1, 1, 1, "valid", True),
        "rectangular": ((3, 2, 8, 11), 4, [2, 5], [2, 3], 1, 1, "valid", True),
        "groups": ((3, 6, 7, 5), 9, 3, 1, 1, 3, "valid", True),
        "depthwise": ((1, 5, 9, 7), 5, 3, 1, 1, 5, "same", True),
        "depthwise-multiplier": ((3, 3, 8, 7), 6, 3, 2, 1, 3, "valid", True),
        "dilation": ((3, 3, 11, 9), 4, 3, 1, [2, 3], 1, "valid", True),
        "same": ((5, 3, 7, 6), 4, 5, 1, 1, 1, "same", True),
        "same-even-kernel": ((3, 2, 6, 7), 3, [2, 4], 1, 1, 1, "same", True),
        "same-strided": ((3, 3, 8, 11), 4, 3, 2, 1, 1, "same", True),
        "same-strided-dilated": ((1, 2, 10, 13), 3, 3, [2, 3], 2, 1, "same", True),
        "same-stride-beyond-kernel": ((3, 2, 11, 8), 3, 2, 3, 1, 1, "same", True),
        "explicit-padding": ((3, 3, 6, 8), 4, 3, 2, 1, 1, around(2, 0, 1, 3), True),
        "no-bias": ((5, 4, 6, 9), 7, 3, 1, 1, 1, "same", False),
        "whole-input": ((3, 4, 5, 3), 6, [5, 3], 1, 1, 1, "valid", True),
        "sixteen-channels": ((3, 16, 6, 5), 32, 3, 1, 1, 1, "same", True),
    }
    for name, (shape, filters, kernel, stride, dilation, groups, padding, bias) in cases.items():
        case = Case(folder, "convolution", name, {
            "filters": filters, "kernel": kernel, "stride": stride, "dilation": dilation,
            "groups": groups, "padding": padding, "bias": bias,
        })  # fmt: skip
        kernel, stride, dilation = pair(kernel), pair(stride), pair(dilation)
        input = case.input(*shape)
        weights = case.parameter("kernel", filters, shape[1] // groups, *kernel)
        offsets = case.parameter("bias", filters) if bias else None
        padded = functional.pad(input, sides(padding, shape[2:], kernel, stride, dilation))
        case.finish(functional.conv2d(padded, weights, offsets, stride, 0, dilation, groups))


def connected_convolution(folder):
    """A convolution with a connection table: the kernel holds the connected pairs alone, filter by filter."""
    cases = {
        "table-lenet5": ((3, 6, 7, 6), 5, 1, "valid", True, LENET5_TABLE),
        "table-partial": ((5, 4, 8, 7), [3, 2], [1, 2], "same", True, [[0], [1, 3], [0, 1, 2, 3], [2]]),
        "table-no-bias": ((1, 3, 6, 9), 3, 2, around(1, 0, 2, 1), False, [[1, 2], [0], [0, 2]]),
    }
    for name, (shape, kernel, stride, padding, bias, table) in cases.items():
        case = Case(folder, "convolution", name, {
            "filters": len(table), "kernel": kernel, "stride": stride, "dilation": 1,
            "groups": 1, "padding": padding, "bias": bias, "connections": table,
        })  # fmt: skip
        kernel, stride = pair(kernel), pair(stride)
        pairs = [(row, map) for row, maps in enumerate(table) for map in maps]
        input = case.input(*shape)
        compact = case.parameter("kernel", len(pairs), *kernel)
        offsets = case.parameter("bias", len(table)) if bias else None
        full = torch.zeros(len(table), shape[1], *kernel, dtype=torch.float64)
        full = full.index_put(tuple(torch.tensor(pairs).T), compact)
        padded = functional.pad(input, sides(padding, shape[2:], kernel, stride))
        case.finish(functional.conv2d(padded, full, offsets, stride))


def pooling(folder):
    """Maximum and minimum pooling ignore the padding; average pooling counts it or not, as it is told."""
    cases = {
        # name: (input, window, stride, padding)
        "halving": ((3, 4, 8, 6), 2, 2, "valid"),
        "odd": ((5, 3, 7, 9), 2, 2, "valid"),
        "overlapping": ((3, 3, 9, 7), 3, 2, "valid"),
        "rectangular": ((1, 2, 8, 11), [2, 3], [3, 1], "valid"),
        "same": ((3, 3, 7, 10), 3, 2, "same"),
        "explicit-padding": ((3, 5, 6, 7), 3, 2, around(1, 0, 2, 1)),
    }
    for name, (shape, window, stride, padding) in cases.items():
        configuration = {"window": window, "stride": stride, "padding": padding}
        window, stride = pair(window), pair(stride)
        edges = sides(padding, shape[2:], window, stride)

        case = Case(folder, "maximumPooling", name, configuration)
        padded = functional.pad(case.input(*shape), edges, value=-math.inf)
        case.finish(functional.max_pool2d(padded, window, stride))

        case = Case(folder, "minimumPooling", name, configuration)
        padded = functional.pad(case.input(*shape), edges, value=math.inf)
        case.finish(-functional.max_pool2d(-padded, window, stride))

        for counts in [False, True] if any(edges) else [False]:
            suffix = "-counting" if counts else ""
            case = Case(folder, "averagePooling", name + suffix, configuration | {"countsPadding": counts})
            input = case.input(*shape)
            area = window[0] * window[1]
            ones = torch.ones(1, 1, *shape[2:], dtype=torch.float64)
            ones = functional.pad(ones, edges, value=1.0 if counts else 0.0)
            share = functional.avg_pool2d(functional.pad(input, edges), window, stride)
            case.finish(share * area / (functional.avg_pool2d(ones, window, stride) * area))


def global_average_pooling(folder):
    case = Case(folder, "globalAveragePooling", "plain", {})
    case.finish(case.input(3, 5, 7, 4).mean(dim=(2, 3)))


def adaptive_pooling(folder):
    case = Case(folder, "globalMaximumPooling", "plain", {})
    case.finish(case.input(3, 5, 7, 4).amax(dim=(2, 3)))
    for name, shape, size in [("overlapping", (3, 4, 7, 10), [3, 4]), ("even", (3, 4, 6, 8), [2, 4]), ("larger", (1, 3, 4, 5), [6, 7])]:
        case = Case(folder, "adaptiveAveragePooling", name, {"size": size})
        case.finish(functional.adaptive_avg_pool2d(case.input(*shape), size))
        case = Case(folder, "adaptiveMaximumPooling", name, {"size": size})
        case.finish(functional.adaptive_max_pool2d(case.input(*shape), size))


def zero_padding(folder):
    for name, shape, padding in [
        ("uneven", (3, 2, 5, 4), around(1, 2, 3, 0)),
        ("one-side", (1, 3, 4, 7), around(0, 0, 0, 1)),
    ]:
        case = Case(folder, "zeroPadding", name, {"padding": padding})
        case.finish(functional.pad(case.input(*shape), sides(padding, shape[2:], [1, 1], [1, 1])))


def flatten(folder):
    case = Case(folder, "flatten", "plain", {})
    case.finish(case.input(3, 4, 5, 3).flatten(1))


def dense(folder):
    for name, batch, inputs, units, bias in [
        ("plain", 3, 37, 11, True),
        ("no-bias", 5, 20, 7, False),
        ("one-unit", 1, 33, 1, True),
        ("sixteens", 5, 64, 48, True),
    ]:
        case = Case(folder, "dense", name, {"units": units, "bias": bias})
        input = case.input(batch, inputs)
        weights = case.parameter("weight", units, inputs)
        offsets = case.parameter("bias", units) if bias else None
        case.finish(functional.linear(input, weights, offsets))


def dropout(folder):
    case = Case(folder, "dropout", "inference", {"rate": 0.4}, mode="inference")
    case.finish(functional.dropout(case.input(3, 4, 5, 7), 0.4, training=False))


def batch_normalization(folder):
    """PyTorch's rules: momentum weighs the new batch, and the running variance is the unbiased one."""
    for name, mode, shape, epsilon, momentum in [
        ("training", "training", (5, 3, 4, 7), 1e-5, 0.1),
        ("training-settings", "training", (3, 6, 5, 3), 1e-3, 0.25),
        ("inference", "inference", (3, 5, 6, 4), 1e-5, 0.1),
    ]:
        case = Case(folder, "batchNormalization", name, {"epsilon": epsilon, "momentum": momentum}, mode)
        input = case.input(*shape, low=-2.0, high=3.0)
        scale = case.parameter("scale", shape[1], low=0.5, high=1.5)
        shift = case.parameter("shift", shape[1])
        mean = case.state("runningMean", shape[1], low=-0.5, high=1.0)
        variance = case.state("runningVariance", shape[1], low=0.5, high=2.0)
        training = mode == "training"
        output = functional.batch_norm(input, mean, variance, scale, shift, training, momentum, epsilon)
        case.finish(output, **({"runningMean": mean, "runningVariance": variance} if training else {}))


def activations(folder):
    amplitude, slope = 1.7159, 0.6666667
    for kind, configuration, function in [
        ("relu", {}, functional.relu),
        ("leakyRelu", {"slope": 0.2}, lambda input: functional.leaky_relu(input, 0.2)),
        ("tanh", {}, torch.tanh),
        ("scaledTanh", {"amplitude": amplitude, "slope": slope}, lambda input: amplitude * torch.tanh(slope * input)),
        ("sigmoid", {}, torch.sigmoid),
        ("relu6", {}, functional.relu6),
        ("elu", {"alpha": 0.7}, lambda input: functional.elu(input, 0.7)),
        ("silu", {}, functional.silu),
        ("gelu", {}, functional.gelu),
        ("gelu", {"approximate": True}, lambda input: functional.gelu(input, approximate="tanh")),
        ("hardSwish", {}, functional.hardswish),
        ("hardSigmoid", {}, functional.hardsigmoid),
    ]:
        for name, shape, reach in [("maps", (3, 4, 5, 7), 3.0), ("vector", (5, 19), 12.0)]:
            case = Case(folder, kind, name + ("-approximate" if "approximate" in configuration else ""), configuration)
            case.finish(function(case.input(*shape, low=-reach, high=reach)))


def normalizations(folder):
    """Those that look at one example."""
    for name, shape, axis in [("features", (3, 5, 19), 2), ("maps", (3, 4, 5, 3), 1)]:
        case = Case(folder, "layerNormalization", name, {"axis": axis - 1})
        input = case.input(*shape, low=-2.0, high=3.0)
        scale = case.parameter("scale", *shape[axis:], low=0.5, high=1.5)
        case.finish(functional.layer_norm(input, shape[axis:], scale, case.parameter("shift", *shape[axis:])))
    case = Case(folder, "groupNormalization", "maps", {"groups": 3, "epsilon": 1e-3})
    input = case.input(3, 6, 5, 4, low=-2.0, high=3.0)
    case.finish(functional.group_norm(input, 3, case.parameter("scale", 6), case.parameter("shift", 6), 1e-3))
    case = Case(folder, "instanceNormalization", "maps", {})
    input = case.input(3, 4, 5, 7, low=-2.0, high=3.0)
    case.finish(functional.instance_norm(input, None, None, case.parameter("scale", 4), case.parameter("shift", 4)))
    case = Case(folder, "instanceNormalization", "no-scale", {"scale": False})
    case.finish(functional.instance_norm(case.input(1, 3, 5, 4)))
    for size, settings in [(5, {}), (3, {"alpha": 0.3, "beta": 0.6, "k": 2.0})]:
        case = Case(folder, "localResponseNormalization", f"size-{size}", {"size": size, **settings})
        case.finish(functional.local_response_norm(case.input(3, 9, 4, 5, low=-3.0, high=3.0), size, **settings))


def wider_and_larger(folder):
    for name, shape, filters, kernel, stride, padding, more, dilation, groups in [
        ("plain", (3, 4, 5, 6), 3, 3, 1, 0, 0, 1, 1),
        ("strided", (3, 4, 5, 6), 5, [4, 3], [2, 3], 1, [1, 2], 1, 1),
        ("groups", (1, 6, 4, 5), 4, 3, 2, 1, 1, 2, 2),
        ("doubling", (5, 16, 4, 3), 8, 2, 2, 0, 0, 1, 1),
    ]:
        bottom, right = pair(more)
        case = Case(folder, "transposedConvolution", name, {
            "filters": filters, "kernel": kernel, "stride": stride, "padding": padding, "dilation": dilation,
            "groups": groups, "outputPadding": around(0, 0, bottom, right),
        })  # fmt: skip
        input = case.input(*shape)
        weights = case.parameter("kernel", shape[1], filters // groups, *pair(kernel))
        case.finish(functional.conv_transpose2d(
            input, weights, case.parameter("bias", filters), stride, padding, more, groups, dilation))  # fmt: skip
    case = Case(folder, "separableConvolution", "multiplier", {"filters": 5, "kernel": [3, 2], "multiplier": 2, "stride": 2})
    input = case.input(3, 4, 8, 7)
    middle = functional.conv2d(input, case.parameter("depthwise", 8, 1, 3, 2), None, 2, 0, 1, 4)
    case.finish(functional.conv2d(middle, case.parameter("pointwise", 5, 8, 1, 1), case.parameter("bias", 5)))
    for mode in ["nearest", "bilinear"]:
        case = Case(folder, "upsampling", mode, {"factor": [2, 3], "interpolation": mode})
        aligned = {"align_corners": False} if mode == "bilinear" else {}
        case.finish(functional.interpolate(case.input(3, 4, 5, 6), scale_factor=[2, 3], mode=mode, **aligned))
    for name, p, window, stride in [("two", 2.0, [2, 3], 2), ("three", 3.0, 3, 1)]:
        case = Case(folder, "lpPooling", name, {"window": window, "stride": stride, "p": p})
        magnitudes = case.input(3, 4, 7, 8).abs() ** p
        area = pair(window)[0] * pair(window)[1]
        case.finish((functional.avg_pool2d(magnitudes, window, stride) * area) ** (1 / p))


def attention(folder):
    case = Case(folder, "tokens", "maps", {})
    case.finish(case.input(3, 4, 5, 7).flatten(2).transpose(1, 2))
    case = Case(folder, "learnedConstant", "matrix", {"shape": [2, 5]})
    zeros = 0 * case.input(3, 4).sum(dim=1)[:, None, None]
    case.finish(case.parameter("value", 2, 5) + zeros)
    case = Case(folder, "dense", "tokens", {"units": 6})
    case.finish(functional.linear(case.input(3, 5, 19), case.parameter("weight", 6, 19), case.parameter("bias", 6)))
    for name, shape, heads, bias in [("heads", (3, 5, 12), 3, True), ("no-bias", (1, 18, 34), 2, False)]:
        case = Case(folder, "multiHeadAttention", name, {"heads": heads, "bias": bias})
        features = shape[2]
        module = torch.nn.MultiheadAttention(features, heads, bias=bias, batch_first=True, dtype=torch.float64)
        input = case.input(*shape)
        named = {"in_proj_weight": case.parameter("inputWeight", 3 * features, features)}
        if bias:
            named["in_proj_bias"] = case.parameter("inputBias", 3 * features)
        named["out_proj.weight"] = case.parameter("outputWeight", features, features)
        if bias:
            named["out_proj.bias"] = case.parameter("outputBias", features)
        case.finish(torch.func.functional_call(module, named, (input, input, input), {"need_weights": False})[0])


def learned_scales(folder):
    case = Case(folder, "prelu", "maps", {})
    case.finish(functional.prelu(case.input(3, 5, 4, 7), case.parameter("slope", 5)))
    case = Case(folder, "prelu", "shared", {"shared": True})
    case.finish(functional.prelu(case.input(5, 19), case.parameter("slope", 1)))
    case = Case(folder, "scaleShift", "maps", {})
    scaled = case.input(3, 5, 4, 7) * case.parameter("scale", 5)[:, None, None]
    case.finish(scaled + case.parameter("shift", 5)[:, None, None])
    case = Case(folder, "scaleShift", "no-shift", {"shift": False})
    case.finish(case.input(5, 19) * case.parameter("scale", 19))


def softmax(folder):
    for name, shape, reach in [("vector", (3, 10), 4.0), ("maps", (3, 5, 4, 3), 4.0), ("large", (5, 7), 90.0)]:
        case = Case(folder, "softmax", name, {})
        case.finish(functional.softmax(case.input(*shape, low=-reach, high=reach), dim=1))


def joining(folder):
    case = Case(folder, "add", "maps", {})
    case.finish(case.input(3, 4, 5, 7) + case.input(3, 4, 5, 7, index=1))
    case = Case(folder, "add", "vector", {})
    case.finish(case.input(5, 9) + case.input(5, 9, index=1))
    case = Case(folder, "multiply", "maps", {})
    case.finish(case.input(3, 4, 5, 7) * case.input(3, 4, 5, 7, index=1))
    case = Case(folder, "multiply", "channels", {})
    case.finish(case.input(3, 4, 5, 7) * case.input(3, 4, index=1)[:, :, None, None])
    case = Case(folder, "concatenate", "maps", {})
    case.finish(torch.cat([case.input(3, 2, 5, 7), case.input(3, 5, 5, 7, index=1)], dim=1))
    case = Case(folder, "concatenate", "vector", {})
    case.finish(torch.cat([case.input(5, 4), case.input(5, 9, index=1)], dim=1))


def arranging(folder):
    case = Case(folder, "reshape", "maps", {"shape": [5, 14, 2]})
    case.finish(case.input(3, 4, 5, 7).reshape(3, 5, 14, 2))
    case = Case(folder, "permute", "maps", {"axes": [1, 2, 0]})
    case.finish(case.input(3, 4, 5, 7).permute(0, 2, 3, 1))
    case = Case(folder, "cropping", "uneven", {"sides": around(1, 2, 0, 3)})
    case.finish(functional.pad(case.input(3, 4, 5, 7), (-2, -3, -1, 0)))
    case = Case(folder, "broadcast", "both", {"shape": [4, 5, 7]})
    case.finish(case.input(3, 1, 5, 1).expand(3, 4, 5, 7))
    case = Case(folder, "thresholdedRelu", "all", {"threshold": 0.5, "slope": 0.25, "most": 1.5})
    input = case.input(3, 4, 5, 7, low=-3.0, high=3.0)
    rectified = torch.where(input < 0.5, 0.25 * (input - 0.5), input)
    case.finish(rectified.clamp(max=1.5))


def comparing(folder):
    for kind, function in [
        ("subtract", torch.sub),
        ("average", lambda first, second: (first + second) / 2),
        ("maximum", torch.maximum),
        ("minimum", torch.minimum),
    ]:
        for name, shape in [("maps", (3, 4, 5, 7)), ("vector", (5, 9))]:
            case = Case(folder, kind, name, {})
            case.finish(function(case.input(*shape), case.input(*shape, index=1)))


def splitting(folder):
    for name, shape, sizes in [("maps", (3, 7, 5, 4), [2, 4, 1]), ("vector", (5, 9), [4, 5])]:
        case = Case(folder, "split", name, {"sizes": sizes})
        case.finish(*torch.split(case.input(*shape), sizes, dim=1))


def computations(folder):
    """What has no gradient."""
    case = Case(folder, "argMax", "maps", {}, mode="inference")
    case.finish(case.input(3, 5, 4, 7).argmax(dim=1, keepdim=True))
    case = Case(folder, "argMax", "vector", {}, mode="inference")
    case.finish(case.input(5, 11).argmax(dim=1, keepdim=True))
    for name, settings, cast in [
        ("float16", {}, lambda x: x.to(torch.float16)),
        ("bfloat16", {}, lambda x: x.to(torch.bfloat16)),
        # PyTorch's own casts cut off and wrap around.
        ("int8", {}, lambda x: x.round().clamp(-128, 127).to(torch.int8)),
        ("int32", {"rounding": "towardZero"}, lambda x: x.to(torch.int32)),
        ("bool", {}, lambda x: x.to(torch.bool)),
    ]:
        case = Case(folder, "cast", name, {"to": name, **settings}, mode="inference")
        case.finish(cast(case.input(3, 5, 7, low=-300, high=300).detach()).to(torch.float64))
    case = Case(folder, "constant", "matrix", {"shape": [2, 3]}, mode="inference")
    case.finish(case.state("value", 2, 3, low=-1, high=1).expand(3, 2, 3))


def trainable_subsampling(folder):
    """LeNet-5's S layers: per map, the sum of the window times one coefficient plus one bias."""
    for name, shape, window, stride in [
        ("halving", (3, 6, 8, 6), 2, 2),
        ("overlapping", (5, 3, 9, 7), 3, 2),
        ("rectangular", (1, 4, 7, 11), [2, 3], [1, 4]),
    ]:
        case = Case(folder, "trainableSubsampling", name, {"window": window, "stride": stride})
        window, stride = pair(window), pair(stride)
        input = case.input(*shape)
        coefficient = case.parameter("coefficient", shape[1])
        bias = case.parameter("bias", shape[1])
        sums = functional.avg_pool2d(input, window, stride) * (window[0] * window[1])
        case.finish(sums * coefficient[:, None, None] + bias[:, None, None])


def radial_basis_output(folder):
    """Squared Euclidean distances to the codes: the unit nearest to the input has the smallest output."""
    for name, batch, inputs, units, bits in [("codes", 5, 84, 10, True), ("real", 3, 13, 7, False)]:
        case = Case(folder, "radialBasisOutput", name, {"units": units})
        input = case.input(batch, inputs, low=-1.7, high=1.7)
        codes = case.numbers.uniform(units, inputs)
        codes = case.leaf("parameter.codes", numpy.sign(codes).astype(numpy.float32) if bits else codes)
        case.finish(((input[:, None, :] - codes) ** 2).sum(dim=2))


def generate(root):
    folder = root / "Layers"
    for make in [
        convolution, connected_convolution, pooling, global_average_pooling, adaptive_pooling, zero_padding, flatten, dense, dropout,
        batch_normalization, activations, learned_scales, normalizations, wider_and_larger, attention, softmax, joining, arranging, comparing, splitting, computations, trainable_subsampling, radial_basis_output,
    ]:  # fmt: skip
        make(folder)


if __name__ == "__main__":
    main(["Layers"], generate)
