"""Measures TensorFlow with Keras: its own `fit` and `predict`, and steps as graphs (`tf.function`), plain and by XLA."""

import os
import time

os.environ.setdefault("TF_CPP_MIN_LOG_LEVEL", "3")
os.environ.setdefault("CUDA_VISIBLE_DEVICES", "-1")

from measure import (  # noqa: E402
    NETWORKS, RESIDUAL, ROWS, THREADS, TODAY, Unsupported, cold_start, jpegs, latency, main, passes, peak_memory, pictures, predict_again, rate,
    rate_of_batches,
)  # fmt: skip

VARIANTS = ["graph", "xla", "fit"]


def two_threads(tf):
    tf.config.threading.set_intra_op_parallelism_threads(THREADS)
    tf.config.threading.set_inter_op_parallelism_threads(THREADS)


def predict(options):
    """One prediction from a saved model and an image file, importing nothing that it does not need."""
    import keras
    import numpy
    import tensorflow as tf
    from PIL import Image

    two_threads(tf)
    model = keras.models.load_model(f"{options.assets}/lenet.keras", compile=False)
    image = numpy.asarray(Image.open(f"{options.assets}/digit.png"), dtype=numpy.float32) / 255
    output = tf.nn.softmax(model(image[None, :, :, None], training=False)).numpy()
    print(int(output.argmax()), float(output.max()), flush=True)


class Bench:
    def __init__(self, network, variant):
        import numpy
        import tensorflow as tf

        two_threads(tf)
        import keras

        from tensorflow_networks import build

        self.tf, self.keras, self.numpy, self.network = tf, keras, numpy, network
        channels, size, self.batch, _ = NETWORKS[network]
        self.model, self.loss = build(network, (size, size, channels))
        self.compiled = True if variant == "xla" else None

    def data(self, batch=None):
        images, targets = pictures(self.numpy, self.network, batch=batch, last=True)
        constant = self.tf.constant
        return [constant(each) for each in images], [constant(each.astype("int32")) for each in targets]

    def trainer(self, optimizer):
        optimizer.build(self.model.trainable_variables)

        @self.tf.function(jit_compile=self.compiled)
        def step(images, targets):
            with self.tf.GradientTape() as tape:
                loss = self.loss(targets, self.model(images, training=True))
            weights = self.model.trainable_variables
            optimizer.apply_gradients(zip(tape.gradient(loss, weights), weights))
            return loss

        return step

    def adam(self):
        return self.keras.optimizers.Adam()

    def training(self, seconds, optimizer=None, batch=None):
        images, targets = self.data(batch)
        step = self.trainer(optimizer or self.adam())
        count = len(images)
        return rate(lambda index: step(images[index % count], targets[index % count]), batch or self.batch, seconds)

    def fit(self, seconds):
        """Keras's own loop; the clock starts when it has warmed up, and stops it in the midst of an epoch."""
        images, targets = pictures(self.numpy, self.network, last=True)
        images, targets = self.numpy.concatenate(images), self.numpy.concatenate(targets).astype("int32")
        data = self.tf.data.Dataset.from_tensor_slices((images, targets)).batch(self.batch, drop_remainder=True)
        stopwatch = stopwatch_class(self.keras)(self.batch, seconds)

        def loss(targets, outputs):
            return self.loss(self.tf.cast(self.tf.reshape(targets, [-1]), "int32"), outputs)

        self.model.compile(self.adam(), loss)
        data = data.cache().repeat()
        self.model.fit(data, steps_per_epoch=1_000_000, verbose=0, shuffle=False, callbacks=[stopwatch])
        return stopwatch.rate

    def predict(self, seconds):
        images = self.numpy.concatenate(pictures(self.numpy, self.network, last=True)[0] * 4)
        return passes(lambda: self.model.predict(images, self.batch, verbose=0), len(images), seconds)

    def predictor(self):
        @self.tf.function(jit_compile=self.compiled)
        def forward(images):
            return self.model(images, training=False)

        return forward

    def inference(self, seconds):
        images, _ = self.data()
        forward = self.predictor()
        return rate(lambda index: forward(images[index % len(images)]), self.batch, seconds)

    def one_image(self, seconds):
        images, _ = self.data(batch=1)
        forward = self.predictor()
        return latency(lambda: forward(images[0]).numpy(), seconds)

    def memory(self, seconds):
        """Trains on 60,000 images held as bytes, as Keras loads MNIST, and turns each batch into floats."""
        images = self.numpy.random.default_rng(1).integers(0, 256, (60_000, 28, 28, 1), dtype=self.numpy.uint8)
        targets = self.numpy.random.default_rng(2).integers(0, 10, 60_000).astype("int32")
        step = self.trainer(self.adam())

        def batch(index):
            chosen = slice(index * 128 % 59_904, index * 128 % 59_904 + 128)
            step(self.tf.constant(images[chosen].astype("float32") / 255), self.tf.constant(targets[chosen]))

        rate(batch, 128, seconds)
        return peak_memory()

    def folder(self, options):
        tf, paths = self.tf, jpegs(options.images)
        forward = self.predictor()

        def photograph(path):
            image = tf.io.decode_jpeg(tf.io.read_file(path), channels=3)
            return tf.image.resize(image, (64, 64)) / 255

        def run():
            files = tf.data.Dataset.from_tensor_slices(paths)
            batches = files.map(photograph, num_parallel_calls=THREADS).batch(32).prefetch(2)
            results = [float(value) for batch in batches for value in tf.sigmoid(forward(batch)).numpy().ravel()]
            if len(results) != len(paths):
                raise RuntimeError(f"{len(results)} results for {len(paths)} images")

        return passes(run, len(paths), options.seconds)

    def predicted(self, options):
        """As Keras's own guide does it: a folder's images by `image_dataset_from_directory`, through `predict`."""
        paths = jpegs(options.images)
        scaled = self.keras.Sequential([self.keras.layers.Rescaling(1 / 255), self.model])

        def run():
            images = self.keras.utils.image_dataset_from_directory(
                options.images, labels=None, shuffle=False, image_size=(64, 64), batch_size=32, verbose=False)
            results = self.tf.sigmoid(scaled.predict(images, verbose=0)).numpy().ravel().tolist()
            if len(results) != len(paths):
                raise RuntimeError(f"{len(results)} results for {len(paths)} images")

        return passes(run, len(paths), options.seconds)

    def photographs(self, options, trains=True):
        """Trains from the files, distorted anew in each pass by Keras's layers, which `tf.data` runs ahead of the step."""
        tf, layers, paths = self.tf, self.keras.layers, jpegs(options.images)
        distort = self.keras.Sequential([
            layers.RandomShear(0.2, 0, fill_mode="nearest"), layers.RandomZoom(0.2, 0.2, fill_mode="nearest"),
            layers.RandomFlip("horizontal"), layers.Rescaling(1 / 255),
        ])  # fmt: skip

        def photograph(path):
            return tf.image.resize(tf.io.decode_jpeg(tf.io.read_file(path), channels=3), (64, 64))

        files = tf.data.Dataset.from_tensor_slices((paths, [index % 2 for index in range(len(paths))]))
        files = files.shuffle(len(paths)).repeat()
        pictures = files.map(lambda path, label: (photograph(path), label), num_parallel_calls=THREADS)
        batches = pictures.batch(self.batch, drop_remainder=True).map(
            lambda images, labels: (distort(images, training=True), labels), num_parallel_calls=THREADS)
        step = self.trainer(self.adam()) if trains else lambda *batch: None
        return rate_of_batches(batches.prefetch(2), lambda batch: step(*batch), self.batch, options.seconds)

    def loaded(self, options):
        return self.photographs(options, trains=False)

    def decoded(self, options):
        tf, paths = self.tf, jpegs(options.images)

        def run():
            files = tf.data.Dataset.from_tensor_slices(paths)
            pictures = files.map(lambda path: tf.shape(tf.io.decode_jpeg(tf.io.read_file(path), channels=3)), THREADS)
            for _ in pictures.batch(256).prefetch(2):
                pass

        return passes(run, len(paths), options.seconds)

    def generated(self, options):
        """The same with the tutorial's own `ImageDataGenerator` and `fit`."""
        import pathlib
        import tempfile

        with tempfile.TemporaryDirectory() as folder:
            for index, path in enumerate(jpegs(options.images)):
                place = pathlib.Path(folder, ("cats", "dogs")[index % 2])
                place.mkdir(exist_ok=True)
                (place / f"{index:05}.jpg").symlink_to(path)
            image = self.keras.src.legacy.preprocessing.image
            generator = image.ImageDataGenerator(rescale=1 / 255, shear_range=0.2, zoom_range=0.2, horizontal_flip=True)
            batches = generator.flow_from_directory(folder, (64, 64), batch_size=self.batch, class_mode="binary")
            stopwatch = stopwatch_class(self.keras)(self.batch, options.seconds)

            def loss(targets, outputs):
                return self.loss(self.tf.cast(self.tf.reshape(targets, [-1]), "int32"), outputs)

            self.model.compile(self.adam(), loss)
            self.model.fit(batches, epochs=1_000_000, verbose=0, callbacks=[stopwatch])
            return stopwatch.rate


def stopwatch_class(keras):
    class Stopwatch(keras.callbacks.Callback):
        def __init__(self, batch, seconds):
            super().__init__()
            self.batch, self.seconds, self.start, self.count = batch, seconds, None, 0
            self.warm = time.perf_counter() + max(0.5, seconds / 5)

        def on_train_batch_end(self, batch, logs=None):
            now = time.perf_counter()
            if self.start is None:
                self.start = now if batch > 3 and now > self.warm else None
                return
            self.count += 1
            if now - self.start > self.seconds:
                self.rate = self.count * self.batch / (now - self.start)
                self.model.stop_training = True

    return Stopwatch


def run(work, variant, options):
    if options.predict:
        return predict(options)
    if work in ROWS:
        raise Unsupported("what rows cost is measured with Fovea alone")
    if work.endswith("-reduced"):
        raise Unsupported("its decoder has to be told in advance by how much to shrink")
    if work in ("cold-start", "photographs-loading", "photographs-decoding", "memory-lenet-training") and variant != "graph":
        raise Unsupported("measured as a plain graph alone: compiling takes longer than the work")
    if work.startswith((*TODAY, *RESIDUAL)):
        raise Unsupported("networks of today are measured in PyTorch, whose torchvision has all of them")
    if work == "cold-start":
        value = cold_start(predict_again(), options.seconds)
        from importlib.metadata import version

        return value, "s", version("tensorflow-cpu")
    if variant == "fit" and work in ("lenet5-1998-online", "lenet-latency"):
        raise Unsupported("Keras's loops are measured on whole batches")
    if work == "photographs-training" and variant == "xla":
        raise Unsupported("the step is the smaller part of this work")
    files = {
        "folder-jpeg": "folder", "photographs-training": "generated" if variant == "fit" else "photographs",
        "photographs-loading": "loaded", "photographs-decoding": "decoded",
    }  # fmt: skip
    if work == "folder-jpeg" and variant == "xla":
        raise Unsupported("compiling takes longer than the work")
    if work == "folder-jpeg" and variant == "fit":
        files[work] = "predicted"
    network, mode = ("cats-and-dogs", files[work]) if work in files else work.rsplit("-", 1)
    bench = Bench("lenet" if work == "memory-lenet-training" else network, variant)
    version = bench.tf.__version__
    if work == "memory-lenet-training":
        return bench.memory(options.seconds), "MB", version
    if work in files:
        return getattr(bench, mode)(options), "images/s", version
    if mode == "latency":
        return bench.one_image(options.seconds), "µs", version
    if mode == "online":
        descent = bench.keras.optimizers.SGD(0.0005)
        return bench.training(options.seconds, descent, batch=1), "images/s", version
    if variant == "fit":
        mode = {"training": "fit", "inference": "predict"}[mode]
    return getattr(bench, mode)(options.seconds), "images/s", version


if __name__ == "__main__":
    main("tensorflow", VARIANTS, run)
