"""Makes Tests/Fixtures/Networks: what ONNX Runtime says of small networks with random weights and running statistics.

The metadata's `description` is the network in YAML. Tensors: `input`, `output`, and the weights under their names in a model file.
"""

import json

import numpy
import onnxruntime
from onnx import TensorProto, helper, numpy_helper

from fixture_file import Numbers, main, write


class Network:
    """Layers that are written twice as they are added: for Fovea and for ONNX."""

    def __init__(self, name, shape):
        self.name, self.shape = name, shape
        self.numbers = Numbers(f"network-{name}")
        self.layers, self.nodes, self.weights = [], [], {}
        self.channels = {"input": shape[0]}

    def add(self, name, kind, inputs, operator, channels, weights=(), onnx=None, **settings):
        self.layers.append({"name": name, "kind": kind, "inputs": inputs, **settings})
        for key, values in weights:
            self.weights[f"{name}.{key}"] = values
        names = inputs + [f"{name}.{key}" for key, _ in weights]
        self.nodes.append(helper.make_node(operator, names, [name], **(onnx or {})))
        self.channels[name] = channels
        return name

    def convolution(self, name, source, filters, kernel, stride=1, groups=1, bias=False):
        inputs = self.channels[source] // groups
        bound = (6 / (inputs * kernel * kernel)) ** 0.5
        weights = [("kernel", self.numbers.uniform(filters, inputs, kernel, kernel, low=-bound, high=bound))]
        if bias:
            weights.append(("bias", self.numbers.uniform(filters)))
        pad = kernel // 2
        return self.add(
            name, "convolution", [source], "Conv", filters, weights, filters=filters, kernel=kernel, stride=stride,
            groups=groups, padding=pad, bias=bias,
            onnx={"strides": [stride] * 2, "group": groups, "pads": [pad] * 4, "kernel_shape": [kernel] * 2})

    def normalization(self, name, source, epsilon=1e-5):
        count = self.channels[source]
        ranges = {"scale": (0.5, 1.5), "shift": (-0.5, 0.5), "runningMean": (-0.5, 0.5), "runningVariance": (0.3, 2)}
        weights = [(key, self.numbers.uniform(count, low=low, high=high)) for key, (low, high) in ranges.items()]
        return self.add(
            name, "batchNormalization", [source], "BatchNormalization", count, weights, epsilon=epsilon,
            onnx={"epsilon": epsilon})

    def relu(self, name, source):
        return self.add(name, "relu", [source], "Relu", self.channels[source])

    def sum(self, name, one, other):
        return self.add(name, "add", [one, other], "Add", self.channels[one])

    def pooling(self, name, source, window, stride, padding):
        return self.add(
            name, "maximumPooling", [source], "MaxPool", self.channels[source], window=window, stride=stride,
            padding=padding, onnx={"kernel_shape": [window] * 2, "strides": [stride] * 2, "pads": [padding] * 4})

    def concatenation(self, name, sources):
        count = sum(self.channels[source] for source in sources)
        return self.add(name, "concatenate", sources, "Concat", count, onnx={"axis": 1})

    def mean(self, name, source):
        count = self.channels[source]
        self.layers.append({"name": name, "kind": "globalAveragePooling", "inputs": [source]})
        self.nodes.append(helper.make_node("GlobalAveragePool", [source], [f"{name}.maps"]))
        self.nodes.append(helper.make_node("Flatten", [f"{name}.maps"], [name]))
        self.channels[name] = count
        return name

    def dense(self, name, source, units):
        count = self.channels[source]
        weights = [("weight", self.numbers.uniform(units, count)), ("bias", self.numbers.uniform(units))]
        return self.add(name, "dense", [source], "Gemm", units, weights, units=units, onnx={"transB": 1})

    def write(self, root, output, batch=3):
        graph = helper.make_graph(
            self.nodes, self.name,
            [helper.make_tensor_value_info("input", TensorProto.FLOAT, [batch, *self.shape])],
            [helper.make_tensor_value_info(output, TensorProto.FLOAT, None)],
            [numpy_helper.from_array(values, name) for name, values in self.weights.items()])
        model = helper.make_model(graph, opset_imports=[helper.make_opsetid("", 14)], ir_version=8)
        session = onnxruntime.InferenceSession(model.SerializeToString(), providers=["CPUExecutionProvider"])
        images = self.numbers.uniform(batch, *self.shape)
        description = {"name": self.name, "input": list(self.shape), "layers": self.layers}
        tensors = {"input": images, "output": session.run(None, {"input": images})[0].astype(numpy.float32)}
        write(root / "Networks" / f"{self.name}.safetensors", tensors | self.weights,
              {"description": json.dumps(description)})


def residual(root):
    """Blocks as in ResNet-18: with and without weights on the way around."""
    net = Network("residual", (3, 22, 18))
    x = net.relu("r0", net.normalization("n0", net.convolution("c0", "input", 16, 7, stride=2)))
    x = net.pooling("pool", x, 3, 2, 1)
    y = net.relu("r1", net.normalization("n1", net.convolution("c1", x, 16, 3)))
    x = net.relu("r2", net.sum("s1", net.normalization("n2", net.convolution("c2", y, 16, 3)), x))
    y = net.relu("r3", net.normalization("n3", net.convolution("c3", x, 24, 3, stride=2)))
    y = net.normalization("n4", net.convolution("c4", y, 24, 3))
    x = net.relu("r4", net.sum("s2", y, net.normalization("n5", net.convolution("c5", x, 24, 1, stride=2))))
    net.dense("output", net.mean("mean", x), 10)
    net.write(root, "output")


def inverted(root):
    """Blocks as in MobileNetV2, sums without an activation behind them, and tensors that several layers read."""
    net = Network("inverted", (3, 17, 20))
    x = net.relu("r0", net.normalization("n0", net.convolution("c0", "input", 8, 3, stride=2), epsilon=1e-3))
    for block in (1, 2):
        y = net.relu(f"r{block}a", net.normalization(f"n{block}a", net.convolution(f"c{block}a", x, 32, 1)))
        y = net.relu(f"r{block}b", net.normalization(f"n{block}b", net.convolution(f"c{block}b", y, 32, 3, groups=32)))
        x = net.sum(f"s{block}", x, net.normalization(f"n{block}c", net.convolution(f"c{block}c", y, 8, 1, bias=True)))
    # Read twice: folded, the second reader would see other numbers.
    y = net.convolution("c3", x, 16, 3, groups=4)
    z = net.sum("s3", net.normalization("n3", y), y)
    x = net.relu("r3", net.concatenation("both", [z, x]))
    net.relu("output", net.normalization("n4", net.dense("d", net.mean("mean", x), 6)))
    net.write(root, "output")


def generate(root):
    residual(root)
    inverted(root)


if __name__ == "__main__":
    main(["Networks"], generate)
