"""Makes Tests/Fixtures/Training: PyTorch's losses, step by step, of the `lenet` architecture from given weights.

`lenet-start` has the weights, `lenet-images` 48 images and their classes; step s trains on the 16 images
16·(s mod 3) ..< 16·(s mod 3) + 16. Loss s is that of the batch before step s. PyTorch computes in float32, as a user
would; the float64 run, printed beside it, tells how much of the trace is rounding.
"""

import json

import numpy
import torch
import torch.nn.functional as functional

from fixture_file import Numbers, main, write

BATCH = 16
IMAGES = 48
SHAPES = {
    "c1.kernel": (6, 1, 5, 5), "c1.bias": (6,),
    "c3.kernel": (16, 6, 5, 5), "c3.bias": (16,),
    "f5.weight": (120, 256), "f5.bias": (120,),
    "f6.weight": (84, 120), "f6.bias": (84,),
    "output.weight": (10, 84), "output.bias": (10,),
}  # fmt: skip


def start():
    """Glorot's uniform weights; biases are not zero, so that a forgotten one shows."""
    numbers = Numbers("lenet-start")
    weights = {}
    for name, shape in SHAPES.items():
        area = int(numpy.prod(shape[2:])) if len(shape) > 2 else 1
        bound = 0.05 if len(shape) == 1 else (6.0 / ((shape[0] + shape[1]) * area)) ** 0.5
        weights[name] = numbers.uniform(*shape, low=-bound, high=bound)
    return weights


def images():
    """Ten bar patterns, one per class, under noise; in 256 steps of 0...1, as images from a file would be."""
    numbers = Numbers("lenet-images")
    targets = numbers.integers(10, IMAGES)
    row, column = numpy.mgrid[0:28, 0:28]
    noise = numbers.uniform(IMAGES, 28, 28, low=0.0, high=0.6)
    angle = targets[:, None, None] * (numpy.pi / 10)
    wave = numpy.cos(angle) * row + numpy.sin(angle) * column
    picture = numpy.clip(0.2 + 0.4 * (numpy.sin(wave * 0.9) > 0) + noise - 0.3, 0, 1)
    return (numpy.round(picture * 255) / 255).astype(numpy.float32)[:, None], targets


def network(parameters, batch):
    maps = functional.relu(functional.conv2d(batch, parameters["c1.kernel"], parameters["c1.bias"]))
    maps = functional.max_pool2d(maps, 2)
    maps = functional.relu(functional.conv2d(maps, parameters["c3.kernel"], parameters["c3.bias"]))
    maps = functional.max_pool2d(maps, 2).flatten(1)
    maps = functional.relu(functional.linear(maps, parameters["f5.weight"], parameters["f5.bias"]))
    maps = functional.relu(functional.linear(maps, parameters["f6.weight"], parameters["f6.bias"]))
    return functional.linear(maps, parameters["output.weight"], parameters["output.bias"])


def train(optimizer_class, settings, steps, dtype):
    parameters = {name: torch.tensor(values, dtype=dtype, requires_grad=True) for name, values in start().items()}
    pictures, targets = images()
    optimizer = optimizer_class(parameters.values(), **settings)
    losses = []
    for step in range(steps):
        first = step * BATCH % IMAGES
        optimizer.zero_grad()
        output = network(parameters, torch.tensor(pictures[first : first + BATCH], dtype=dtype))
        loss = functional.cross_entropy(output, torch.tensor(targets[first : first + BATCH], dtype=torch.int64))
        loss.backward()
        optimizer.step()
        losses.append(loss.item())
    biases = {name: values.detach().numpy() for name, values in parameters.items() if name.endswith("bias")}
    return numpy.array(losses), biases


def trace(root, name, optimizer_class, settings, steps, configuration):
    torch.use_deterministic_algorithms(True)
    torch.set_num_threads(1)
    losses, biases = train(optimizer_class, settings, steps, torch.float32)
    exact, _ = train(optimizer_class, settings, steps, torch.float64)
    print(f"{name}: loss {losses[0]:.4f} to {losses[-1]:.4f}; float64 differs by {abs(losses - exact).max():.1e}")
    tensors = {"losses": losses.astype(numpy.float32)}
    tensors |= {f"final.{key}": values.astype(numpy.float32) for key, values in biases.items()}
    metadata = {"kind": name, "configuration": json.dumps(configuration | {"batchSize": BATCH, "steps": steps})}
    write(root / "Training" / f"lenet-{name}.safetensors", tensors, metadata)


def generate(root):
    write(root / "Training" / "lenet-start.safetensors", start(), {"kind": "lenet"})
    pictures, targets = images()
    write(root / "Training" / "lenet-images.safetensors", {"images": pictures, "targets": targets}, {"kind": "images"})
    trace(
        root, "adam", torch.optim.Adam, {"lr": 0.001, "betas": (0.9, 0.999), "eps": 1e-8}, 50,
        {"learningRate": 0.001, "beta1": 0.9, "beta2": 0.999, "epsilon": 1e-8},
    )  # fmt: skip
    trace(
        root, "sgd", torch.optim.SGD, {"lr": 0.01, "momentum": 0.9, "weight_decay": 5e-4}, 20,
        {"learningRate": 0.01, "momentum": 0.9, "weightDecay": 5e-4},
    )  # fmt: skip


if __name__ == "__main__":
    main(["Training"], generate, tolerance=1e-3)
