"""Models of Keras, made with chance: what `keras.py` compares, and what the fixtures are.

Each function takes the module, `keras` (3) or `tf_keras` (2), so that each version saves its own.
"""

import numpy as np


def shaken(model, seed=1):
    """The model with other numbers in all weights that begin as zeros or ones, so that mistakes show."""
    random = np.random.default_rng(seed)

    def shake(layer):
        for inner in getattr(layer, "layers", []):
            shake(inner)
        if getattr(layer, "layers", []) or not layer.get_weights():
            return
        weights = []
        names = [weight.name.split("/")[-1].split(":")[0] for weight in layer.weights]
        for name, value in zip(names, layer.get_weights()):
            if name in ("moving_variance", "variance"):
                value = random.uniform(0.5, 2, value.shape)
            elif name in ("gamma",):
                value = random.uniform(0.5, 1.5, value.shape)
            elif name in ("beta", "moving_mean", "mean", "bias", "alpha"):
                value = random.normal(0, 0.2, value.shape)
            weights.append(np.asarray(value, "float32" if name != "count" else np.asarray(value).dtype))
        layer.set_weights(weights)
        # Normalization computes with copies, which it makes when a file is loaded.
        if hasattr(layer, "finalize_state"):
            layer.finalize_state()

    shake(model)
    return model


def input_name(tensor):
    """The name of the layer that an input is of."""
    history = tensor._keras_history
    return history.operation.name if hasattr(history, "operation") else history.layer.name


def lenet(K):
    L = K.layers
    return K.Sequential([
        K.Input((28, 28, 1)), L.Conv2D(6, 5, padding="same", activation="tanh"), L.AveragePooling2D(2),
        L.Conv2D(16, 5, activation="tanh"), L.AveragePooling2D(2), L.Flatten(), L.Dense(120, activation="tanh"),
        L.Dense(84, activation="tanh"), L.Dense(10, activation="softmax")])


def cats_and_dogs(K):
    L = K.layers
    return K.Sequential([
        K.Input((64, 64, 3)), L.Conv2D(32, 3, activation="relu"), L.MaxPooling2D(), L.Flatten(),
        L.Dense(128, activation="relu"), L.Dense(1, activation="sigmoid")])


def mobilenet_v2(K):
    return K.applications.MobileNetV2(weights=None, input_shape=(96, 96, 3), classes=10)


def efficientnet_b0(K):
    return K.applications.EfficientNetB0(weights=None, input_shape=(64, 64, 3), classes=10)


def resnet50_v2(K):
    return K.applications.ResNet50V2(weights=None, input_shape=(64, 64, 3), classes=10)


def open_size(K):
    return K.applications.MobileNetV2(weights=None, input_shape=(None, None, 3), include_top=False, pooling="avg", alpha=0.35)


def open_gate(K):
    """Channels weighed by squeeze and excitation, of pictures of any size."""
    L = K.layers
    picture = K.Input((None, None, 3), name="picture")
    x = L.Conv2D(8, 3, padding="same", activation="relu")(picture)
    gate = L.Reshape((1, 1, 8))(L.Dense(8, activation="sigmoid")(L.Dense(2, activation="relu")(L.GlobalAveragePooling2D()(x))))
    x = L.Multiply()([x, gate])
    x = L.Multiply()([x, L.Conv2D(8, 1, activation="sigmoid")(L.GlobalAveragePooling2D(keepdims=True)(x))])
    return K.Model(picture, L.Dense(5)(L.GlobalMaxPooling2D()(x)))


def transfer(K):
    L = K.layers
    base = K.applications.MobileNet(weights=None, input_shape=(64, 64, 3), include_top=False, alpha=0.25)
    base.trainable = False
    return K.Sequential([
        K.Input((64, 64, 3)), L.RandomFlip("horizontal"), L.Rescaling(1 / 127.5, offset=-1), base,
        L.GlobalAveragePooling2D(), L.Dropout(0.2), L.Dense(5)])


def two_inputs(K):
    L = K.layers
    picture, numbers = K.Input((15, 12, 3), name="picture"), K.Input((7,), name="numbers")
    x = L.Conv2D(4, 3, strides=2, padding="same", activation="relu", name="first")(picture)
    x = L.Flatten(name="flat")(x)
    y = L.Dense(6, activation="elu", name="hidden")(numbers)
    z = L.Concatenate(name="both")([x, y])
    return K.Model([picture, numbers], [L.Dense(3, activation="softmax", name="label")(z), L.Dense(2, name="place")(z)])


def nested(K):
    """Models in a model, one of them used twice, and a layer that is shared."""
    L = K.layers
    picture = K.Input((11, 9, 3), name="picture")
    stem = K.Sequential([
        L.Conv2D(4, 3, padding="same", activation="relu", name="conv"), L.BatchNormalization(name="norm")], name="stem")
    inner_input = K.Input((11, 9, 4), name="inner_input")
    inner = K.Model(
        inner_input, L.Add(name="sum")([inner_input, L.DepthwiseConv2D(3, padding="same", name="conv")(inner_input)]), name="inner")
    shared = L.Conv2D(4, 1, name="shared")
    x = stem(picture)
    y = stem(L.Conv2D(3, 1, name="back")(inner(x)))
    z = L.Multiply(name="product")([shared(x), shared(y)])
    return K.Model(picture, [L.GlobalMaxPooling2D(name="highest")(z), inner(y)])


def branches(K, shape, **layers):
    """One input, and an output for each list of layers."""
    first = K.Input(shape, name="x")
    outputs = []
    for name, chain in layers.items():
        value = first
        for layer in chain:
            value = layer(value)
        outputs.append(K.layers.Activation("linear", name=name + "_y")(value))
    return K.Model(first, outputs)


def convolutions(K):
    L = K.layers
    return branches(
        K, (13, 10, 4), strided=[L.Conv2D(6, (3, 4), strides=(2, 3), padding="same")],
        dilated=[L.Conv2D(3, 3, dilation_rate=(2, 1), padding="same", use_bias=False)],
        grouped=[L.Conv2D(6, 3, groups=2)], depthwise=[L.DepthwiseConv2D((3, 2), strides=2, padding="same", depth_multiplier=2)],
        separable=[L.SeparableConv2D(5, 3, strides=2, padding="same", depth_multiplier=2, activation="relu")],
        transposed=[L.Conv2DTranspose(3, 3, strides=2, padding="same")],
        transposed_valid=[L.Conv2DTranspose(3, (2, 4), strides=(3, 2))],
        transposed_even=[L.Conv2DTranspose(3, 4, strides=2, padding="same", use_bias=False)],
        dense=[L.Dense(5, activation="tanh")], flat=[L.Conv2D(2, 3), L.Flatten(), L.Dropout(0.3), L.BatchNormalization(), L.Dense(4)])


def rows(K):
    L = K.layers
    return branches(
        K, (17, 5), conv=[L.Conv1D(4, 3, strides=2, padding="same", activation="relu"), L.MaxPooling1D(2), L.BatchNormalization()],
        causal=[L.Conv1D(3, 3, dilation_rate=2, padding="causal")], separable=[L.SeparableConv1D(4, 3)],
        transposed=[L.Conv1DTranspose(3, 3, strides=2, padding="same")],
        average=[L.AveragePooling1D(3, 2, padding="same"), L.GlobalMaxPooling1D()],
        tokens=[L.Dense(6), L.LayerNormalization(), L.GlobalAveragePooling1D()],
        padded=[L.ZeroPadding1D((1, 2)), L.Cropping1D((0, 3)), L.UpSampling1D(2), L.Flatten()],
        softmax=[L.Dense(3, activation="softmax")])


def shapes(K):
    L = K.layers
    return branches(
        K, (9, 7, 4), padded=[L.ZeroPadding2D(((1, 2), (0, 3))), L.MaxPooling2D(3, 2, padding="same")],
        cropped=[L.Cropping2D(((1, 0), (2, 1))), L.AveragePooling2D((2, 3), padding="same")],
        larger=[L.UpSampling2D((2, 3))], smooth=[L.UpSampling2D(2, interpolation="bilinear")],
        cubic=[L.UpSampling2D((4, 2), interpolation="bicubic")],
        permuted=[L.Permute((3, 1, 2)), L.Conv2D(2, 3)], reshaped=[L.Reshape((7, -1)), L.Dense(3)],
        again=[L.Flatten(), L.Reshape((9, 7, 4)), L.Conv2D(2, 1)],
        kept=[L.GlobalAveragePooling2D(keepdims=True), L.Conv2D(3, 1)], repeated=[L.GlobalMaxPooling2D(), L.RepeatVector(3)])


def merges(K):
    L = K.layers
    first = K.Input((6, 5, 4), name="x")
    a, b = L.Conv2D(4, 1)(first), L.Conv2D(4, 3, padding="same")(first)
    gate = L.Reshape((1, 1, 4))(L.Dense(4, activation="sigmoid")(L.GlobalAveragePooling2D()(a)))
    u, v = L.GlobalAveragePooling2D()(a), L.GlobalMaxPooling2D()(b)
    pairs = {
        "plus": L.Add()([a, b, first]), "minus": L.Subtract()([a, b]), "times": L.Multiply()([a, b]), "mean": L.Average()([a, b, first]),
        "high": L.Maximum()([a, b, first]), "low": L.Minimum()([a, b]), "gated": L.Multiply()([a, gate]),
        "channels": L.Concatenate()([a, b]), "lines": L.Concatenate(axis=1)([a, b]), "columns": L.Concatenate(axis=2)([a, b]),
        "dot": L.Dot(axes=1)([u, v]), "cosine": L.Dot(axes=1, normalize=True)([u, v]),
        "everywhere": L.Multiply()([a, L.Conv2D(1, 1)(b)]), "biased": L.Add()([gate, a]), "spread": L.Maximum()([L.Conv2D(1, 1)(b), gate]),
        "lifted": L.Subtract()([gate, L.Permute((1, 2, 3))(a)]), "columns_mean": L.Average()([L.AveragePooling2D((6, 1))(a), b]),
        "flats": L.Dense(3)(L.Concatenate()([L.Flatten()(a), L.Flatten()(b), u]))}
    return K.Model(first, [L.Activation("linear", name=name + "_y")(value) for name, value in pairs.items()])


def activations(K):
    L = K.layers
    names = [
        "relu", "relu6", "sigmoid", "tanh", "elu", "selu", "softplus", "softsign", "swish", "gelu", "exponential", "hard_sigmoid", "mish",
        "softmax"]
    if K.__name__ == "keras":
        names += [
            "leaky_relu", "hard_silu", "log_softmax", "celu", "hard_tanh", "hard_shrink", "soft_shrink", "sparse_sigmoid", "log_sigmoid",
            "tanh_shrink"]
    layers = {name: [L.Conv2D(3, 1, activation=name)] for name in names if not (K.__name__ != "keras" and name == "relu6")}
    return branches(
        K, (5, 4, 3), **layers, prelu=[L.PReLU(shared_axes=[1, 2])], prelu_each=[L.PReLU()], prelu_flat=[L.Flatten(), L.PReLU()],
        limited=[L.ReLU(max_value=1.5, negative_slope=0.1, threshold=0.2)], six=[L.ReLU(6.0)], slope=[L.ReLU(negative_slope=0.2)],
        leaky=[L.LeakyReLU()], elu_layer=[L.ELU(0.7)], softmax_layer=[L.Softmax()],
        softmax_rows=[L.Softmax(axis=1)], softmax_places=[L.Softmax(axis=[1, 2])], softmax_second=[L.Softmax(axis=2), L.Conv2D(2, 1)])


def normalizations(K):
    L = K.layers
    extra = {
        "groups": [L.GroupNormalization(2)], "instance": [L.GroupNormalization(-1)],
        "batch_columns": [L.BatchNormalization(axis=2), L.Conv2D(2, 1)], "batch_lines": [L.BatchNormalization(axis=1)],
        "layer_columns": [L.LayerNormalization(axis=2)], "layer_lines": [L.LayerNormalization(axis=[1, 3]), L.Conv2D(2, 1)],
        "unit": [L.UnitNormalization()], "unit_places": [L.UnitNormalization(axis=[1, 2])], "unit_lines": [L.UnitNormalization(axis=1), L.Conv2D(2, 1)],
        "undone": [L.Normalization(mean=[0.1, 0.2, 0.3, 0.4], variance=[1.0, 2.0, 3.0, 4.0], invert=True)]}
    if K.__name__ == "keras":
        extra["mean_squares"] = [L.RMSNormalization(), L.Conv2D(2, 1)]
    return branches(
        K, (6, 5, 4), batch=[L.BatchNormalization(center=False)], batch_plain=[L.BatchNormalization(scale=False, epsilon=0.01)],
        layer=[L.LayerNormalization(), L.Conv2D(2, 1)], layer_all=[L.LayerNormalization(axis=[1, 2, 3])],
        normalized=[L.Normalization(mean=[0.1, 0.2, 0.3, 0.4], variance=[1.0, 2.0, 3.0, 4.0])], adapted=[L.Normalization()],
        rescaled=[L.Rescaling(0.5, offset=-1)], **extra)


def pictures(K):
    L = K.layers
    return branches(
        K, (14, 11, 3), resized=[L.Resizing(9, 16)], nearest=[L.Resizing(20, 7, interpolation="nearest")], middle=[L.CenterCrop(9, 6)],
        augmented=[L.RandomFlip(), L.RandomRotation(0.1), L.RandomZoom(0.2), L.GaussianNoise(0.1), L.SpatialDropout2D(0.5), L.Conv2D(2, 3)],
        channels=[L.Rescaling([1.0, 2.0, 3.0], offset=[0.1, 0.2, 0.3])])


def volumes(K):
    L = K.layers
    return branches(
        K, (7, 6, 5, 2), conv=[L.Conv3D(3, 3, strides=2, padding="same", activation="relu"), L.BatchNormalization()],
        pooled=[L.MaxPooling3D(2, padding="same"), L.GlobalAveragePooling3D()], mean=[L.AveragePooling3D(2), L.Flatten(), L.Dense(2)],
        padded=[L.ZeroPadding3D(((1, 0), (2, 1), (0, 3))), L.Conv3D(2, 2)], cut=[L.Cropping3D((1, 2, 1))], larger=[L.UpSampling3D((2, 1, 3))])


def attention(K):
    """Tokens that look at each other, in heads of any size; the next layers of a vision transformer."""
    L = K.layers
    tokens = K.Input((6, 8), name="tokens")
    def block(x, heads, size, **settings):
        y = L.MultiHeadAttention(heads, size, **settings)(x, x)
        x = L.LayerNormalization()(L.Add()([x, y]))
        return L.Add()([x, L.Dense(8)(L.Dense(16, activation="gelu")(x))])
    return K.Model(tokens, [
        L.Activation("linear", name="shared_y")(block(tokens, 2, 4, dropout=0.1)),
        L.Activation("linear", name="larger_y")(block(L.Dense(8)(tokens), 3, 5)),
        L.Activation("linear", name="plain_y")(L.MultiHeadAttention(1, 7, use_bias=False)(tokens, tokens, tokens))])


def operations(K):
    """Only Keras 3 saves `x * 2` as a layer that others can read."""
    first = K.Input((5, 4, 3), name="x")
    a = K.layers.Conv2D(3, 1)(first)
    return K.Model(first, [K.layers.Activation("linear", name=name + "_y")(value) for name, value in {
        "twice": a * 2.0, "more": a + first, "less": 1.0 - a, "part": a / 4.0, "share": a / (1.0 + K.ops.exp(K.layers.Conv2D(1, 1)(a))), "negative": -a, "size": abs(a), "cube": a ** 3,
        "gelu": K.ops.gelu(a), "leaky": K.ops.leaky_relu(a, 0.3), "celu": K.ops.celu(a, 0.7), "shrunk": K.ops.soft_shrink(a, 0.1),
        "limited": K.ops.clip(a, -0.2, 0.3), "inverse": 2.0 / (abs(a) + 1.0), "turned": K.ops.transpose(a, (0, 3, 1, 2)),
        "pooled": a * K.ops.sigmoid(K.ops.mean(a, axis=-1, keepdims=True) + K.ops.max(a, axis=3, keepdims=True)),
        "sums": K.ops.sum(a, axis=[1, 2]), "flat": K.ops.reshape(a, (-1, 60)), "deep": K.ops.expand_dims(a, 1),
        "square": K.ops.square(a), "root": K.ops.sqrt(abs(a)), "exp": K.ops.exp(a), "relu": K.ops.relu(a), "silu": K.ops.silu(a),
        "sigmoid": K.ops.sigmoid(a), "tanh": K.ops.tanh(a), "column": a * K.ops.relu(K.layers.Conv2D(1, 1)(a))}.items()])


LARGE = [lenet, cats_and_dogs, mobilenet_v2, efficientnet_b0, resnet50_v2, open_size, open_gate, transfer]
SMALL = [two_inputs, nested, convolutions, rows, shapes, merges, activations, normalizations, pictures, volumes, attention]
