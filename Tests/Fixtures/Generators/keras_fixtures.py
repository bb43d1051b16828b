#!/usr/bin/env python3
"""Writes Tests/Fixtures/Keras: small models in each of Keras' formats with what they compute, and files that must be refused.

Needs TensorFlow 2.21, Keras 3.15, tf_keras 2.21 and h5py 3. Each folder has `model.keras` or `model.h5`, `inputs/NAME.npy` and
`outputs/NAME.npy`. Archives are packed, which Keras does not do.
"""

import importlib.util
import io
import json
import os
import shutil
import sys
import zipfile
from pathlib import Path

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
HERE = Path(__file__).resolve().parent
TARGET = HERE.parent / "Keras"
spec = importlib.util.spec_from_file_location("keras_models", HERE.parent.parent / "Conformance" / "keras_models.py")

import h5py  # noqa: E402
import keras  # noqa: E402
import numpy as np  # noqa: E402
import tf_keras  # noqa: E402

models = importlib.util.module_from_spec(spec)
spec.loader.exec_module(models)


def sequence(K):
    L = K.layers
    return K.Sequential([
        K.Input((11, 8, 3)), L.RandomFlip(), L.Rescaling(1 / 255), L.Conv2D(4, 3, strides=2, padding="same", activation="relu"),
        L.BatchNormalization(), L.DepthwiseConv2D(3, padding="same"), L.ReLU(6.0), L.MaxPooling2D(2, padding="same"), L.Flatten(),
        L.Dropout(0.4), L.Dense(5, activation="softmax")])


def write_arrays(folder, inputs, outputs):
    for part, arrays in (("inputs", inputs), ("outputs", outputs)):
        (folder / part).mkdir(parents=True)
        for name, value in arrays.items():
            np.save(folder / part / f"{name}.npy", value.astype("float32"))


def packed(path):
    """The archive with its members deflated, and no times in it."""
    with zipfile.ZipFile(path) as archive:
        members = [(info.filename, archive.read(info)) for info in archive.infolist()]
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=9) as archive:
        for name, data in members:
            archive.writestr(zipfile.ZipInfo(name), data, zipfile.ZIP_DEFLATED)


def save(function, module, ending):
    module.utils.set_random_seed(3)
    module.backend.clear_session()
    model = models.shaken(function(module))
    chance = np.random.default_rng(5)
    scale = 255 if function is sequence else 1
    inputs = {models.input_name(tensor): chance.uniform(0, scale, [2, *tensor.shape[1:]]).astype("float32") for tensor in model.inputs}
    values = list(inputs.values())
    results = model.predict(values if len(values) > 1 else values[0], verbose=0)
    results = results if isinstance(results, (list, tuple)) else [results]
    names = [model.layers[-1].name] if isinstance(model, module.Sequential) else model.output_names
    version = "keras3" if module is keras else "keras2"
    folder = TARGET / f"{function.__name__}-{version}-{ending}"
    folder.mkdir(parents=True)
    model.save(folder / f"model.{ending}")
    if ending == "keras":
        packed(folder / "model.keras")
    write_arrays(folder, inputs, dict(zip(names, results)))


def windows(image, kernel):
    """Correlation of [c, h, w] with [f, c, kh, kw]."""
    filters, _, height, width = kernel.shape
    result = np.zeros((filters, image.shape[1] - height + 1, image.shape[2] - width + 1))
    for row in range(result.shape[1]):
        for column in range(result.shape[2]):
            result[:, row, column] = (kernel * image[:, row:row + height, column:column + width]).sum((1, 2, 3))
    return result


def keras_1(first, name, version="1.2.2", backend=None):
    """A file as Keras 1 wrote it, and with a backend as the first versions of Keras 2 did on Theano."""
    chance = np.random.default_rng(7)
    kernel, bias = chance.normal(size=(3, 2, 3, 2)), chance.normal(size=3)
    weight, offset = chance.normal(size=(3 * 2 * 2, 4)), chance.normal(size=4)
    images = chance.normal(size=(2, 2, 6, 5))
    flipped = kernel[:, :, ::-1, ::-1] if backend == "theano" else kernel
    outputs = []
    for image in images:
        maps = np.maximum(windows(image, flipped) + bias[:, None, None], 0)
        maps = maps[:, :4, :4].reshape(3, 2, 2, 2, 2).max((2, 4))
        flat = maps.ravel() if first and backend is None else maps.transpose(1, 2, 0).ravel()
        outputs.append(flat @ weight + offset)
    order = "th" if first else "tf"
    shape = [None, 2, 6, 5] if first else [None, 6, 5, 2]
    layers = [
        {"class_name": "Convolution2D", "config": {
            "name": "convolution2d_1", "batch_input_shape": shape, "input_dtype": "float32", "trainable": True, "nb_filter": 3, "nb_row": 3, "nb_col": 2,
            "subsample": [1, 1], "border_mode": "valid", "dim_ordering": order, "activation": "linear", "bias": True, "init": "glorot_uniform"}},
        {"class_name": "Activation", "config": {"name": "activation_1", "trainable": True, "activation": "relu"}},
        {"class_name": "MaxPooling2D", "config": {
            "name": "maxpooling2d_1", "trainable": True, "pool_size": [2, 2], "strides": [2, 2], "border_mode": "valid", "dim_ordering": order}},
        {"class_name": "Dropout", "config": {"name": "dropout_1", "trainable": True, "p": 0.25}},
        {"class_name": "Flatten", "config": {"name": "flatten_1", "trainable": True}},
        {"class_name": "Dense", "config": {"name": "dense_1", "trainable": True, "output_dim": 4, "activation": "linear", "bias": True, "input_dim": None}},
    ]
    if backend:
        layers[0]["config"] = {
            "name": "convolution2d_1", "batch_input_shape": shape, "dtype": "float32", "filters": 3, "kernel_size": [3, 2], "strides": [1, 1],
            "padding": "valid", "data_format": "channels_first", "activation": "linear", "use_bias": True}
        layers[0]["class_name"] = "Conv2D"
        layers[2]["config"] = {"name": "maxpooling2d_1", "pool_size": [2, 2], "strides": [2, 2], "padding": "valid", "data_format": "channels_first"}
        layers[4]["config"]["data_format"] = "channels_first"
        layers[5]["config"] = {"name": "dense_1", "units": 4, "activation": "linear", "use_bias": True}
    stored = kernel if first and not backend else kernel.transpose(2, 3, 1, 0)
    folder = TARGET / name
    folder.mkdir(parents=True)
    with h5py.File(folder / "model.h5", "w") as file:
        config = layers if not backend else {"name": "sequential_1", "layers": layers}
        file.attrs["model_config"] = json.dumps({"class_name": "Sequential", "config": config}).encode()
        file.attrs["keras_version"] = version.encode()
        if backend:
            file.attrs["backend"] = backend.encode()
        group = file.create_group("model_weights")
        group.attrs["layer_names"] = [layer["config"]["name"].encode() for layer in layers]
        for layer in layers:
            layer_name = layer["config"]["name"]
            inner = group.create_group(layer_name)
            arrays = {"convolution2d_1": (stored, bias), "dense_1": (weight, offset)}.get(layer_name, ())
            names = [f"{layer_name}_{part}" for part in ("W", "b")][:len(arrays)]
            inner.attrs["weight_names"] = [name.encode() for name in names]
            for name_of_weight, array in zip(names, arrays):
                # As 64-bit floats, of the other end, packed, in pieces: what a program may have made of them.
                if layer_name == "dense_1":
                    inner.create_dataset(name_of_weight, data=array.astype(">f8"), compression="gzip", shuffle=True, chunks=tuple(-(-extent // 2) for extent in array.shape))
                else:
                    inner.create_dataset(name_of_weight, data=array.astype("f4"))
    given = images if first else images.transpose(0, 2, 3, 1)
    write_arrays(folder, {"convolution2d_1_input": given}, {"dense_1": np.array(outputs)})


class Strange(keras.layers.Layer):
    def call(self, x):
        return x


def refused():
    folder = TARGET / "Refused"
    folder.mkdir(parents=True)
    keras.utils.set_random_seed(1)
    first = keras.Input((4, 4, 2), name="x")
    x = keras.layers.Lambda(lambda x: x * 2, name="double")(first)
    x = Strange(name="odd")(x)
    x = keras.layers.Lambda(lambda x: x + 1, name="more")(x)
    x = keras.layers.LSTM(3, name="memory")(keras.layers.Reshape((4, 8))(x))
    model = keras.Model(first, keras.layers.Dense(2, activation=lambda x: x, name="own")(x))
    model.save(folder / "unsupported.keras")
    packed(folder / "unsupported.keras")
    tokens = keras.Input((3, 4), name="tokens")
    attention = keras.layers.MultiHeadAttention(2, 2, name="attention")
    keras.Model(tokens, attention(tokens, tokens, use_causal_mask=True)).save(folder / "causal.keras")
    packed(folder / "causal.keras")
    small = keras.Sequential([keras.Input((3,)), keras.layers.Dense(2, name="d")])
    small.save_weights(folder / "only.weights.h5")
    small.save(folder / "whole.h5")
    whole = (folder / "whole.h5").read_bytes()
    # The kernel is moved to where no reader may look.
    for name in ("softLink", "externalLink", "externalFile", "virtual", "latest"):
        path = folder / f"{name}.h5"
        if name == "latest":
            with h5py.File(io.BytesIO(whole)) as source, h5py.File(path, "w", libver="latest") as file:
                for key, value in source.attrs.items():
                    file.attrs[key] = value
                source.copy("model_weights", file)
                group = file["model_weights"].create_group("many")
                for number in range(20):
                    group.create_group(f"g{number}")
                for number in range(20):
                    file.attrs[f"more{number}"] = number
            continue
        path.write_bytes(whole)
        with h5py.File(path, "r+") as file:
            first = file["model_weights/d"].attrs["weight_names"][0]
            path_of_kernel = first if isinstance(first, str) else first.decode()
            group = file["model_weights/d/" + path_of_kernel.rsplit("/", 1)[0]]
            kernel = group["kernel"][()]
            del group["kernel"]
            if name == "softLink":
                group["kernel"] = h5py.SoftLink("/somewhere/else")
            elif name == "externalLink":
                group["kernel"] = h5py.ExternalLink("whole.h5", "/model_weights")
            elif name == "externalFile":
                group.create_dataset("kernel", kernel.shape, "f4", external=[("/etc/passwd", 0, kernel.nbytes)])
            else:
                layout = h5py.VirtualLayout(kernel.shape, "f4")
                layout[:] = h5py.VirtualSource("whole.h5", "d", kernel.shape)
                group.create_virtual_dataset("kernel", layout)


def main():
    shutil.rmtree(TARGET, ignore_errors=True)
    for function in (sequence, models.two_inputs, models.nested):
        save(function, keras, "keras")
        save(function, keras, "h5")
        save(function, tf_keras, "h5")
    for function in models.SMALL[2:] + [models.operations]:
        save(function, keras, "keras")
    keras_1(True, "keras1-channelsFirst")
    keras_1(False, "keras1-channelsLast")
    keras_1(True, "keras2-theano", version="2.0.8", backend="theano")
    refused()
    sample()


def sample():
    """Samples/Keras: the model of the documentation's examples."""
    folder = HERE.parent.parent.parent / "Samples" / "Keras"
    folder.mkdir(parents=True, exist_ok=True)
    keras.utils.set_random_seed(4)
    keras.backend.clear_session()
    L = keras.layers
    model = keras.Sequential([
        keras.Input((17, 20, 3), name="image"), L.RandomFlip("horizontal", name="flip"), L.Rescaling(1 / 255, name="rescaling"),
        L.Conv2D(6, 3, padding="same", activation="relu", name="stem"), L.MaxPooling2D(name="pool"),
        L.Conv2D(8, 3, strides=2, padding="same", activation="relu", name="middle"), L.Flatten(name="flat"), L.Dropout(0.2, name="drop"),
        L.Dense(4, activation="softmax", name="scores")], name="small")
    model.compile(loss="sparse_categorical_crossentropy", optimizer="adam")
    model.save(folder / "small.keras")
    packed(folder / "small.keras")
    images = np.random.default_rng(2).uniform(0, 255, (2, 17, 20, 3)).astype("float32")
    np.save(folder / "images.npy", images)
    np.save(folder / "scores.npy", model.predict(images, verbose=0))
    first = keras.Input((4, 4, 2), name="x")
    x = keras.layers.Lambda(lambda x: x * 2, name="double")(first)
    x = keras.layers.Flatten(name="flat")(Strange(name="odd")(x))
    keras.Model(first, keras.layers.Dense(2, name="scores")(x)).save(folder / "strange.keras")
    packed(folder / "strange.keras")


if __name__ == "__main__":
    sys.exit(main())
