"""Makes Tests/Fixtures/Explanations: what pytorch-grad-cam and Captum say of a small network with random weights.

The network has a normalization with running statistics, a residual, poolings and rectifiers. The metadata's `description` is it in YAML
(JSON), `layer` the layer that is looked at, `targets` the classes, one for each of the two inputs. Tensors: `input`, `scores`, the weights
under their names in a model file, and under `<kind>` the maps: `[2, height, width]` of the layer's size where a method looks at the layer, before
they are scaled for looking at, or `[2, 3, height, width]`.

Needs: pip install torch grad-cam captum safetensors numpy
"""

import json

import numpy
import torch
from torch import nn

from fixture_file import Numbers, main, write

HEIGHT, WIDTH, CLASSES = 18, 22, 5
TARGETS = [1, 3]


class Network(nn.Module):
    def __init__(self, numbers):
        super().__init__()
        self.c1 = nn.Conv2d(3, 8, 3, padding=1, bias=False)
        self.n1 = nn.BatchNorm2d(8)
        self.r1 = nn.ReLU()
        self.p1 = nn.MaxPool2d(2)
        self.c2 = nn.Conv2d(8, 8, 3, padding=1)
        self.r2 = nn.ReLU()
        self.r3 = nn.ReLU()
        self.c3 = nn.Conv2d(8, 12, 3, stride=2, padding=1)
        self.r4 = nn.ReLU()
        self.pool = nn.AdaptiveAvgPool2d(1)
        self.d = nn.Linear(12, CLASSES)
        with torch.no_grad():
            for layer in (self.c1, self.c2, self.c3, self.d):
                bound = (3 / layer.weight[0].numel()) ** 0.5 * 1.5
                layer.weight.copy_(torch.from_numpy(numbers.uniform(*layer.weight.shape, low=-bound, high=bound)))
                if layer.bias is not None:
                    layer.bias.copy_(torch.from_numpy(numbers.uniform(*layer.bias.shape, low=-0.2, high=0.2)))
            ranges = {"weight": (0.5, 1.5), "bias": (-0.3, 0.3), "running_mean": (-0.3, 0.3), "running_var": (0.3, 2)}
            for name, (low, high) in ranges.items():
                getattr(self.n1, name).copy_(torch.from_numpy(numbers.uniform(8, low=low, high=high)))

    def forward(self, x):
        x = self.p1(self.r1(self.n1(self.c1(x))))
        x = self.r3(self.r2(self.c2(x)) + x)
        x = self.r4(self.c3(x))
        return self.d(self.pool(x).flatten(1))


class Chain(Network):
    """The same without the sum, which Captum's relevance propagation does not know."""

    def forward(self, x):
        x = self.p1(self.r1(self.n1(self.c1(x))))
        x = self.r2(self.c2(x))
        x = self.r4(self.c3(x))
        return self.d(self.pool(x).flatten(1))


def description(has_sum):
    layers = [
        {"name": "c1", "kind": "convolution", "filters": 8, "kernel": 3, "padding": 1, "bias": False},
        {"name": "n1", "kind": "batchNormalization", "epsilon": 1e-5},
        {"name": "r1", "kind": "relu"},
        {"name": "p1", "kind": "maximumPooling", "window": 2},
        {"name": "c2", "kind": "convolution", "filters": 8, "kernel": 3, "padding": 1},
        {"name": "r2", "kind": "relu"},
    ]
    if has_sum:
        layers += [{"name": "sum", "kind": "add", "inputs": ["r2", "p1"]}, {"name": "r3", "kind": "relu"}]
    layers += [
        {"name": "c3", "kind": "convolution", "filters": 12, "kernel": 3, "stride": 2, "padding": 1},
        {"name": "r4", "kind": "relu"},
        {"name": "pool", "kind": "globalAveragePooling"},
        {"name": "d", "kind": "dense", "units": CLASSES},
        {"name": "out", "kind": "softmax"},
    ]
    return json.dumps({"name": "explained", "input": {"shape": [3, HEIGHT, WIDTH]}, "layers": layers})


def weights(network):
    tensors = {}
    for name in ("c1", "c2", "c3", "d"):
        layer = getattr(network, name)
        tensors[f"{name}.{'weight' if name == 'd' else 'kernel'}"] = layer.weight
        if layer.bias is not None:
            tensors[f"{name}.bias"] = layer.bias
    for ours, theirs in {"scale": "weight", "shift": "bias", "runningMean": "running_mean", "runningVariance": "running_var"}.items():
        tensors[f"n1.{ours}"] = getattr(network.n1, theirs)
    return {name: tensor.detach().numpy() for name, tensor in tensors.items()}


def cams(network, inputs):
    """The maps as they are before they are scaled: what `get_cam_image` gives, where it is positive."""
    import pytorch_grad_cam as cam
    from pytorch_grad_cam.utils.model_targets import ClassifierOutputTarget

    kinds = {
        "gradCAM": cam.GradCAM, "gradCAMPlusPlus": cam.GradCAMPlusPlus, "hiResCAM": cam.HiResCAM,
        "layerCAM": cam.LayerCAM, "xGradCAM": cam.XGradCAM, "scoreCAM": cam.ScoreCAM, "ablationCAM": cam.AblationCAM,
        "eigenCAM": cam.EigenCAM, "eigenGradCAM": cam.EigenGradCAM,
    }
    maps = {}
    for kind, method in kinds.items():
        found = []
        for row, target in enumerate(TARGETS):
            made = method(model=network, target_layers=[network.r4])
            raw = []
            own = made.get_cam_image

            def keep(*arguments, **named):
                result = own(*arguments, **named)
                raw.append(numpy.array(result))
                return result

            made.get_cam_image = keep
            made(input_tensor=inputs[row:row + 1].clone(), targets=[ClassifierOutputTarget(target)])
            found.append(raw[0][0])
        values = numpy.stack(found).astype(numpy.float32)
        # The sign of a principal component is open, so that both halves are needed.
        maps[kind] = values if kind.startswith("eigen") else numpy.maximum(values, 0)
    return maps


def attributions(network, inputs):
    from captum.attr import (Deconvolution, GuidedBackprop, InputXGradient, IntegratedGradients, Occlusion, Saliency)

    targets = torch.tensor(TARGETS)
    made = {
        "gradient": Saliency(network).attribute(inputs.clone().requires_grad_(), target=targets),
        "gradientTimesInput": InputXGradient(network).attribute(inputs.clone().requires_grad_(), target=targets),
        "integratedGradients": IntegratedGradients(network).attribute(inputs, target=targets, n_steps=50),
        "guidedBackpropagation": GuidedBackprop(network).attribute(inputs.clone().requires_grad_(), target=targets),
        "deconvolution": Deconvolution(network).attribute(inputs.clone().requires_grad_(), target=targets),
        # All channels of a place are covered together.
        "occlusion": Occlusion(network).attribute(
            inputs, sliding_window_shapes=(3, 5, 5), strides=(3, 3, 3), baselines=0, target=targets)[:, 0],
    }
    return {kind: values.detach().numpy().astype(numpy.float32) for kind, values in made.items()}


def relevance(network, inputs):
    from captum.attr import LRP
    from captum.attr._utils.lrp_rules import EpsilonRule, GammaRule

    targets = torch.tensor(TARGETS)
    made = {}
    for name, rule, epsilon in (("epsilon", lambda: EpsilonRule(epsilon=0.01), 0.01), ("gamma", lambda: GammaRule(gamma=0.25), 1e-9)):
        for layer in (network.c1, network.c2, network.c3, network.d):
            layer.rule = rule()
        for layer in (network.n1, network.p1, network.pool):
            layer.rule = EpsilonRule(epsilon=epsilon)
        made[f"layerwiseRelevance.{name}"] = LRP(network).attribute(inputs.clone(), target=targets)
    return {kind: values.detach().numpy().astype(numpy.float32) for kind, values in made.items()}


def generate(folder):
    torch.manual_seed(0)
    for name, kind, explain in (
        ("residual", Network, lambda network, inputs: {**cams(network, inputs), **attributions(network, inputs)}),
        ("chain", Chain, relevance),
    ):
        numbers = Numbers(f"explanation-{name}")
        network = kind(numbers).eval()
        inputs = torch.from_numpy(numbers.uniform(2, 3, HEIGHT, WIDTH))
        tensors = {"input": inputs.numpy(), "scores": network(inputs).detach().numpy(), **weights(network)}
        tensors.update(explain(network, inputs))
        write(
            folder / "Explanations" / f"{name}.safetensors", tensors,
            {"description": description(name == "residual"), "layer": "r4", "targets": json.dumps(TARGETS)})


main(["Explanations"], generate)
