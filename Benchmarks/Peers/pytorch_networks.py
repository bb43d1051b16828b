"""The benchmark's networks in PyTorch, as its users would write them."""

import torch
from torch import nn
from torch.nn import functional

from measure import LENET5_TABLE, TODAY, Unsupported


def lenet():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(6, 16, 5), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(256, 120), nn.ReLU(), nn.Linear(120, 84), nn.ReLU(), nn.Linear(84, 10),
    )  # fmt: skip


def mnist_2conv():
    return nn.Sequential(
        nn.Conv2d(1, 32, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Conv2d(32, 64, 5, padding=2), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(3136, 1024), nn.ReLU(), nn.Dropout(0.5), nn.Linear(1024, 10),
    )  # fmt: skip


def cats_and_dogs():
    return nn.Sequential(
        nn.Conv2d(3, 32, 3), nn.ReLU(), nn.MaxPool2d(2),
        nn.Flatten(), nn.Linear(30752, 128), nn.ReLU(), nn.Linear(128, 1),
    )  # fmt: skip


class ScaledTanh(nn.Module):
    def forward(self, input):
        return 1.7159 * torch.tanh(input * (2 / 3))


class TrainableSubsampling(nn.Module):
    def __init__(self, channels):
        super().__init__()
        self.coefficient = nn.Parameter(torch.full((1, channels, 1, 1), 0.25))
        self.bias = nn.Parameter(torch.zeros(1, channels, 1, 1))

    def forward(self, input):
        return functional.avg_pool2d(input, 2) * (4 * self.coefficient) + self.bias


class TableConvolution(nn.Conv2d):
    """PyTorch has no connection table: the full kernel is masked at every step."""

    def __init__(self, channels, table, kernel):
        super().__init__(channels, len(table), kernel)
        mask = torch.zeros(len(table), channels, 1, 1)
        for row, maps in enumerate(table):
            mask[row, maps] = 1
        self.register_buffer("mask", mask)

    def forward(self, input):
        return functional.conv2d(input, self.weight * self.mask, self.bias)


class RadialBasisOutput(nn.Module):
    def __init__(self, inputs, units):
        super().__init__()
        self.register_buffer("codes", torch.sign(torch.randn(units, inputs)))

    def forward(self, input):
        return ((input[:, None, :] - self.codes) ** 2).sum(dim=2)


def lenet5_1998():
    return nn.Sequential(
        nn.Conv2d(1, 6, 5), ScaledTanh(), TrainableSubsampling(6), ScaledTanh(),
        TableConvolution(6, LENET5_TABLE, 5), ScaledTanh(), TrainableSubsampling(16), ScaledTanh(),
        nn.Conv2d(16, 120, 5), ScaledTanh(), nn.Flatten(), nn.Linear(120, 84), ScaledTanh(), RadialBasisOutput(84, 10),
    )  # fmt: skip


class Residual(nn.Module):
    def __init__(self, maps):
        super().__init__()
        self.body = nn.Sequential(*normalized(maps, maps), nn.ReLU(), *normalized(maps, maps))

    def forward(self, input):
        return functional.relu(input + self.body(input))


def normalized(channels, maps):
    return [nn.Conv2d(channels, maps, 3, padding=1, bias=False), nn.BatchNorm2d(maps)]


def small_resnet():
    layers, channels = [*normalized(3, 32), nn.ReLU(), nn.MaxPool2d(2)], 32
    for maps in (64, 128, 256):
        layers += [*normalized(channels, maps), nn.ReLU(), nn.MaxPool2d(2), Residual(maps)]
        channels = maps
    return nn.Sequential(*layers, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(channels, 2))


def of_torchvision(name):
    """As torchvision builds it, with the weights that it begins with."""

    def make():
        try:
            from torchvision import models
        except (ImportError, RuntimeError) as error:
            raise Unsupported(f"torchvision is not installed: {error}") from error
        names = {"squeezenet-1.1": "squeezenet1_1"}
        return models.get_model(names.get(name, name.replace("-", "_")), weights=None)

    return make


BUILDERS = {
    "lenet": lenet, "lenet5-1998": lenet5_1998, "mnist-2conv": mnist_2conv, "cats-and-dogs": cats_and_dogs,
    "small-resnet": small_resnet, "resnet18-64": of_torchvision("resnet18"), **{name: of_torchvision(name) for name in TODAY},
}  # fmt: skip


def maximum_a_posteriori(outputs, targets):
    """LeCun et al. 1998, eq. 9, with j = 1."""
    floor = outputs.new_full((outputs.shape[0], 1), -1.0)
    competition = torch.logsumexp(torch.cat([floor, -outputs], dim=1), dim=1)
    return (outputs.gather(1, targets[:, None])[:, 0] + competition).mean()


def binary_cross_entropy(outputs, targets):
    return functional.binary_cross_entropy_with_logits(outputs[:, 0], targets.float())


LOSSES = {"lenet5-1998": maximum_a_posteriori, "cats-and-dogs": binary_cross_entropy}


def build(network):
    torch.manual_seed(1998)
    return BUILDERS[network](), LOSSES.get(network, functional.cross_entropy)
