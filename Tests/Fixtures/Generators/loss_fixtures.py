"""Makes Tests/Fixtures/Losses: network outputs, class indices, the loss and its gradient, from PyTorch in float64."""

import json

import numpy
import torch
import torch.nn.functional as functional

from fixture_file import Numbers, main, write


def case(root, kind, name, shape, low, high, configuration, loss):
    numbers = Numbers(f"{kind}-{name}")
    outputs = numbers.uniform(*shape, low=low, high=high)
    targets = numbers.integers(shape[1] if shape[1] > 1 else 2, shape[0])
    leaf = torch.tensor(outputs, dtype=torch.float64, requires_grad=True)
    value = loss(leaf, torch.tensor(targets, dtype=torch.int64))
    value.backward()
    tensors = {
        "output": outputs,
        "targets": targets,
        "loss": numpy.array([value.item()], dtype=numpy.float32),
        "outputGradient": leaf.grad.numpy().astype(numpy.float32),
    }
    metadata = {"kind": kind, "configuration": json.dumps(configuration)}
    write(root / "Losses" / f"{kind}-{name}.safetensors", tensors, metadata)


def softmax_cross_entropy(root):
    for name, shape, reach in [("plain", (5, 10), 3.0), ("one", (1, 7), 2.0), ("large", (3, 4), 200.0)]:
        case(root, "softmaxCrossEntropy", name, shape, -reach, reach, {}, functional.cross_entropy)


def binary_cross_entropy(root):
    def loss(outputs, targets):
        return functional.binary_cross_entropy_with_logits(outputs, targets.to(outputs.dtype)[:, None])

    for name, batch, reach in [("plain", 5, 3.0), ("one", 1, 2.0), ("large", 9, 200.0)]:
        case(root, "binaryCrossEntropy", name, (batch, 1), -reach, reach, {}, loss)


def mean_squared_error(root):
    """One-hot targets; the mean goes over patterns and outputs alike."""

    def loss(outputs, targets):
        return functional.mse_loss(outputs, functional.one_hot(targets, outputs.shape[1]).to(outputs.dtype))

    for name, shape in [("plain", (5, 10)), ("one", (1, 3))]:
        case(root, "meanSquaredError", name, shape, -1.0, 2.0, {}, loss)


def maximum_likelihood(root):
    """LeCun et al. 1998, eq. 8: the mean of the right class's distance."""

    def loss(outputs, targets):
        return outputs.gather(1, targets[:, None]).mean()

    case(root, "maximumLikelihood", "plain", (5, 10), 0.0, 9.0, {}, loss)


def maximum_a_posteriori(root):
    """LeCun et al. 1998, eq. 9: mean of y_D + log(e^-j + sum_i e^-y_i)."""
    for name, shape, high, constant in [
        ("j1", (5, 10), 6.0, 1.0),
        ("j0.1", (3, 10), 3.0, 0.1),
        ("j10", (3, 7), 12.0, 10.0),
        ("large", (5, 10), 300.0, 1.0),
        ("large-j", (3, 10), 300.0, 400.0),
        ("one", (1, 4), 2.0, 2.5),
    ]:

        def loss(outputs, targets):
            floor = torch.full((outputs.shape[0], 1), -constant, dtype=outputs.dtype)
            competition = torch.logsumexp(torch.cat([floor, -outputs], dim=1), dim=1)
            return (outputs.gather(1, targets[:, None])[:, 0] + competition).mean()

        case(root, "maximumAPosteriori", name, shape, 0.0, high, {"j": constant}, loss)


def generate(root):
    for make in [
        softmax_cross_entropy, binary_cross_entropy, mean_squared_error, maximum_likelihood, maximum_a_posteriori,
    ]:  # fmt: skip
        make(root)


if __name__ == "__main__":
    main(["Losses"], generate)
