"""The benchmark's networks in Keras over TensorFlow, as its users would write them: channels last."""

import keras
import numpy
import tensorflow as tf
from keras import layers

from measure import LENET5_TABLE


def lenet():
    return [
        layers.Conv2D(6, 5, activation="relu"), layers.MaxPooling2D(2),
        layers.Conv2D(16, 5, activation="relu"), layers.MaxPooling2D(2),
        layers.Flatten(), layers.Dense(120, activation="relu"), layers.Dense(84, activation="relu"), layers.Dense(10),
    ]  # fmt: skip


def mnist_2conv():
    return [
        layers.Conv2D(32, 5, padding="same", activation="relu"), layers.MaxPooling2D(2),
        layers.Conv2D(64, 5, padding="same", activation="relu"), layers.MaxPooling2D(2),
        layers.Flatten(), layers.Dense(1024, activation="relu"), layers.Dropout(0.5), layers.Dense(10),
    ]  # fmt: skip


def cats_and_dogs():
    return [
        layers.Conv2D(32, 3, activation="relu"), layers.MaxPooling2D(2),
        layers.Flatten(), layers.Dense(128, activation="relu"), layers.Dense(1),
    ]  # fmt: skip


def scaled_tanh(input):
    return 1.7159 * tf.tanh(input * (2 / 3))


class TrainableSubsampling(layers.Layer):
    def build(self, shape):
        self.coefficient = self.add_weight(shape=(shape[-1],), initializer=keras.initializers.Constant(0.25))
        self.bias = self.add_weight(shape=(shape[-1],), initializer="zeros")

    def call(self, input):
        return tf.nn.avg_pool2d(input, 2, 2, "VALID") * (4 * self.coefficient) + self.bias


class TableConvolution(layers.Layer):
    """TensorFlow has no connection table: the full kernel is masked at every step."""

    def build(self, shape):
        mask = numpy.zeros((1, 1, shape[-1], len(LENET5_TABLE)), dtype=numpy.float32)
        for row, maps in enumerate(LENET5_TABLE):
            mask[0, 0, maps, row] = 1
        self.mask = tf.constant(mask)
        self.kernel = self.add_weight(shape=(5, 5, shape[-1], len(LENET5_TABLE)), initializer="glorot_uniform")
        self.bias = self.add_weight(shape=(len(LENET5_TABLE),), initializer="zeros")

    def call(self, input):
        return tf.nn.conv2d(input, self.kernel * self.mask, 1, "VALID") + self.bias


class RadialBasisOutput(layers.Layer):
    def build(self, shape):
        codes = numpy.sign(numpy.random.default_rng(1).random((10, shape[-1])) - 0.5)
        self.codes = tf.constant(codes.astype(numpy.float32))

    def call(self, input):
        return tf.reduce_sum(tf.square(input[:, None, :] - self.codes), axis=2)


def lenet5_1998():
    return [
        layers.Conv2D(6, 5, activation=scaled_tanh), TrainableSubsampling(), layers.Activation(scaled_tanh),
        TableConvolution(), layers.Activation(scaled_tanh), TrainableSubsampling(), layers.Activation(scaled_tanh),
        layers.Conv2D(120, 5, activation=scaled_tanh), layers.Flatten(),
        layers.Dense(84, activation=scaled_tanh), RadialBasisOutput(),
    ]  # fmt: skip


BUILDERS = {
    "lenet": lenet, "lenet5-1998": lenet5_1998, "mnist-2conv": mnist_2conv, "cats-and-dogs": cats_and_dogs,
}  # fmt: skip


def cross_entropy(targets, outputs):
    return tf.reduce_mean(tf.nn.sparse_softmax_cross_entropy_with_logits(targets, outputs))


def maximum_a_posteriori(targets, outputs):
    """LeCun et al. 1998, eq. 9, with j = 1."""
    competition = tf.reduce_logsumexp(tf.pad(-outputs, [[0, 0], [0, 1]], constant_values=-1.0), axis=1)
    return tf.reduce_mean(tf.gather(outputs, targets, batch_dims=1) + competition)


def binary_cross_entropy(targets, outputs):
    return tf.reduce_mean(
        tf.nn.sigmoid_cross_entropy_with_logits(tf.cast(targets, tf.float32), outputs[:, 0])
    )


LOSSES = {"lenet5-1998": maximum_a_posteriori, "cats-and-dogs": binary_cross_entropy}


def build(network, shape):
    keras.utils.set_random_seed(1998)
    return keras.Sequential([keras.Input(shape), *BUILDERS[network]()]), LOSSES.get(network, cross_entropy)
