"""Writes the small ONNX models of Samples/ONNX and Tests/Fixtures/ONNX, with inputs and what ONNX's reference evaluator
makes of them.

    pip install onnx==1.19.1 && python3 Tests/Fixtures/Generators/onnx_fixtures.py
"""
import pathlib

import numpy as np
import onnx
from onnx import TensorProto, helper, numpy_helper
from onnx.reference import ReferenceEvaluator

ROOT = pathlib.Path(__file__).resolve().parents[3]
random = np.random.default_rng(1)


def weight(name, *shape, scale=0.3):
    return numpy_helper.from_array((random.standard_normal(shape) * scale).astype(np.float32), name)


def value(name, shape, kind=TensorProto.FLOAT):
    return helper.make_tensor_value_info(name, kind, shape)


def save(path, nodes, inputs, outputs, weights, functions=(), opset=17, **options):
    graph = helper.make_graph(nodes, path.stem, inputs, outputs, weights)
    sets = [helper.make_opsetid("", opset)] + [helper.make_opsetid(f.domain, 1) for f in functions]
    model = helper.make_model(
        graph, opset_imports=list({s.domain: s for s in sets}.values()), functions=list(functions), producer_name="fovea",
        ir_version=10)
    if options.get("checked", True):
        onnx.checker.check_model(model)
    path.parent.mkdir(parents=True, exist_ok=True)
    # ONNX appends to it.
    path.with_suffix(".data").unlink(missing_ok=True)
    onnx.save(model, path, save_as_external_data=options.get("external", False),
              location=f"{path.stem}.data", size_threshold=0)
    return model


def small():
    """A residual network of today's parts, in the way PyTorch writes it: flattened by the shape of what comes."""
    node = helper.make_node
    nodes = [
        node("Conv", ["image", "c1.w", "c1.b"], ["c1"], name="/stem/Conv", pads=[1, 1, 1, 1], strides=[2, 2]),
        node("BatchNormalization", ["c1", "n.s", "n.b", "n.m", "n.v"], ["n1"], name="/stem/Norm"),
        node("Relu", ["n1"], ["r1"], name="/stem/Relu"),
        node("MaxPool", ["r1"], ["p1"], name="/pool/MaxPool", kernel_shape=[3, 3], strides=[2, 2], ceil_mode=1),
        node("Conv", ["p1", "c2.w"], ["c2"], name="/block/Conv", pads=[1, 1, 1, 1], group=8),
        node("LeakyRelu", ["c2"], ["l2"], name="/block/Leaky", alpha=0.1),
        node("Add", ["l2", "p1"], ["a1"], name="/block/Add"),
        node("Concat", ["a1", "p1"], ["k1"], name="/join/Concat", axis=1),
        node("GlobalAveragePool", ["k1"], ["g1"], name="/head/Pool"),
        node("Shape", ["g1"], ["s1"], name="/head/Shape"),
        node("Gather", ["s1", "zero"], ["s2"], name="/head/Gather"),
        node("Unsqueeze", ["s2", "axis"], ["s3"], name="/head/Unsqueeze"),
        node("Concat", ["s3", "minus"], ["s4"], name="/head/Concat", axis=0),
        node("Reshape", ["g1", "s4"], ["f1"], name="/head/Reshape"),
        node("Gemm", ["f1", "d.w", "d.b"], ["scores"], name="/head/Gemm", transB=1),
    ]
    weights = [
        weight("c1.w", 8, 3, 3, 3), weight("c1.b", 8), weight("n.s", 8), weight("n.b", 8), weight("n.m", 8),
        numpy_helper.from_array(random.uniform(0.5, 1.5, 8).astype(np.float32), "n.v"), weight("c2.w", 8, 1, 3, 3),
        weight("d.w", 4, 16), weight("d.b", 4), numpy_helper.from_array(np.array(0, np.int64), "zero"),
        numpy_helper.from_array(np.array([0], np.int64), "axis"), numpy_helper.from_array(np.array([-1], np.int64), "minus"),
    ]
    path = ROOT / "Samples" / "ONNX" / "small.onnx"
    model = save(path, nodes, [value("image", ["batch", 3, 17, 20])], [value("scores", ["batch", 4])], weights)
    image = random.uniform(0, 1, (2, 3, 17, 20)).astype(np.float32)
    np.save(path.with_name("images.npy"), image)
    np.save(path.with_name("scores.npy"), ReferenceEvaluator(model).run(None, {"image": image})[0])


def mixed():
    """What no layer computes, in between."""
    node = helper.make_node
    nodes = [
        node("MatMul", ["x", "w"], ["m"], name="product"), node("Add", ["m", "b"], ["a"], name="bias"),
        node("Erf", ["a"], ["e"], name="erf"), node("CumSum", ["e", "axis"], ["sums"], name="sums", reverse=1),
    ]
    weights = [weight("w", 5, 4), weight("b", 4), numpy_helper.from_array(np.array(1, np.int64), "axis")]
    path = ROOT / "Tests" / "Fixtures" / "ONNX" / "mixed.onnx"
    save(path, nodes, [value("x", ["n", 5])], [value("sums", ["n", 4])], weights)


def mobile():
    """One node at least of each kind that becomes a layer and is not in the small network."""
    node = helper.make_node
    nodes = [
        node("Pad", ["x", "pads"], ["x0"], name="pad"),
        node("Conv", ["x0", "c1"], ["c"], name="stem", strides=[2, 2]),
        node("Clip", ["c", "low", "high"], ["r6"], name="relu6"),
        node("Conv", ["r6", "dw", "dwb"], ["d"], name="depthwise", group=6, auto_pad="SAME_UPPER"),
        node("Sigmoid", ["d"], ["gate"], name="gate"), node("Mul", ["d", "gate"], ["silu"], name="silu"),
        node("GlobalAveragePool", ["silu"], ["sq"], name="squeeze"),
        node("Conv", ["sq", "s1", "s1b"], ["e1"], name="reduce"), node("Relu", ["e1"], ["e2"], name="relu"),
        node("Conv", ["e2", "s2"], ["e3"], name="expand"),
        node("HardSigmoid", ["e3"], ["e4"], name="hardsigmoid", alpha=1 / 6, beta=0.5),
        node("Mul", ["e4", "silu"], ["se"], name="excite"), node("HardSwish", ["se"], ["hs"], name="hardswish"),
        node("PRelu", ["hs", "slope"], ["pr"], name="prelu"), node("Elu", ["pr"], ["el"], name="elu", alpha=0.7),
        node("Mul", ["el", "factor"], ["m"], name="factor"), node("Add", ["m", "shift"], ["s"], name="shift"),
        node("AveragePool", ["s"], ["ap"], name="average", kernel_shape=[2, 2], strides=[2, 2], ceil_mode=1),
        node("Identity", ["ap"], ["same"], name="identity"), node("Dropout", ["same"], ["dr"], name="dropout"),
        node("ReduceMean", ["dr"], ["mean"], name="mean", axes=[2, 3], keepdims=0),
        node("MatMul", ["mean", "w"], ["p"], name="product"), node("Add", ["p", "b"], ["q"], name="bias"),
        node("Tanh", ["q"], ["t"], name="tanh"), node("Softmax", ["t"], ["shares"], name="softmax", axis=-1),
    ]
    weights = [
        numpy_helper.from_array(np.array([0, 0, 1, 0, 0, 0, 1, 1], np.int64), "pads"),
        weight("c1", 6, 3, 3, 3, scale=1.0), numpy_helper.from_array(np.array(0, np.float32), "low"),
        numpy_helper.from_array(np.array(6, np.float32), "high"), weight("dw", 6, 1, 3, 3), weight("dwb", 6),
        weight("s1", 2, 6, 1, 1), weight("s1b", 2), weight("s2", 6, 2, 1, 1), weight("slope", 6, 1, 1),
        weight("factor", 1, 6, 1, 1), weight("shift", 6, 1, 1), weight("w", 6, 5), weight("b", 5),
    ]
    path = ROOT / "Tests" / "Fixtures" / "ONNX" / "mobile.onnx"
    save(path, nodes, [value("x", [1, 3, 13, 10])], [value("shares", [1, 5])], weights)


def unsorted():
    """Nodes in the wrong order, an initializer that is an input too, weights in another file, and a graph within."""
    node = helper.make_node
    then = helper.make_graph([node("Add", ["h", "w"], ["t"])], "then", [], [value("t", [3])])
    other = helper.make_graph([node("Sub", ["h", "w"], ["o"])], "else", [], [value("o", [3])])
    nodes = [
        node("If", ["flag"], ["y"], name="choice", then_branch=then, else_branch=other),
        node("Mul", ["x", "w"], ["h"], name="scale"),
    ]
    path = ROOT / "Tests" / "Fixtures" / "ONNX" / "unsorted.onnx"
    save(path, nodes, [value("x", [3]), value("flag", [], TensorProto.BOOL), value("w", [3])], [value("y", [3])],
         [numpy_helper.from_array(np.array([1, 2, 3], np.float32), "w")], checked=False, external=True)


def stranger():
    """An operator that nobody knows, beside a function that the file brings."""
    node = helper.make_node
    body = [node("Constant", [], ["two"], value_float=2.0), node("Mul", ["a", "two"], ["d"])]
    scaled = node("LeakyRelu", ["d"], ["b"])
    attribute = onnx.AttributeProto(name="alpha", ref_attr_name="slope", type=onnx.AttributeProto.FLOAT)
    scaled.attribute.append(attribute)
    double = helper.make_function("com.example", "Double", ["a"], ["b"], body + [scaled],
                                  [helper.make_opsetid("", 17)], ["slope"])
    for name, nodes in {
        "function": [node("Double", ["x"], ["y"], name="twice", domain="com.example", slope=0.5)],
        "stranger": [
            node("Double", ["x"], ["d"], name="twice", domain="com.example", slope=0.5),
            node("Triple", ["d"], ["t"], name="thrice", domain="com.example"),
            node("Triple", ["t"], ["y"], name="again", domain="com.example"),
        ],
    }.items():
        path = ROOT / "Tests" / "Fixtures" / "ONNX" / f"{name}.onnx"
        save(path, nodes, [value("x", [3])], [value("y", [3])], [], functions=[double], checked=False)


small()
mixed()
mobile()
unsorted()
stranger()
