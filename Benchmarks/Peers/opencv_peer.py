"""Measures OpenCV's own dnn module: inference of the networks that `prepare.py` exported from PyTorch."""

from importlib.metadata import version

from measure import (
    NETWORKS, ROWS, SIDE, THREADS, Unsupported, cold_start, jpegs, latency, main, passes, pictures, predict_again, rate,
    rate_of_files, reduction,
)  # fmt: skip

VARIANTS = ["default"]


def predict(options):
    import cv2
    import numpy

    cv2.setNumThreads(THREADS)
    model = cv2.dnn.readNetFromONNX(f"{options.assets}/lenet-1.onnx")
    image = cv2.imread(f"{options.assets}/digit.png", cv2.IMREAD_GRAYSCALE)
    model.setInput(image[None, None].astype(numpy.float32) / 255)
    output = model.forward()[0]
    output = numpy.exp(output - output.max())
    print(int(output.argmax()), float(output.max() / output.sum()), flush=True)


def reader(cv2, reduced):
    """Decodes a file: in full, or shrunk by libjpeg, whose factor OpenCV has to be told: Pillow reads the header for it."""
    if not reduced:
        return lambda path: cv2.imread(path, cv2.IMREAD_COLOR_RGB)
    from PIL import Image

    kinds = {
        1: cv2.IMREAD_COLOR_RGB, 2: cv2.IMREAD_REDUCED_COLOR_2, 4: cv2.IMREAD_REDUCED_COLOR_4, 8: cv2.IMREAD_REDUCED_COLOR_8,
    }  # fmt: skip

    def read(path):
        with Image.open(path) as image:
            by = reduction(*image.size)
        image = cv2.imread(path, kinds[by])
        return image if by == 1 else cv2.cvtColor(image, cv2.COLOR_BGR2RGB)

    return read


def classify_folder(forward, options, reduced=False):
    """Images per second: two threads decode and shrink, batches of 32 go through `forward`."""
    from concurrent.futures import ThreadPoolExecutor

    import cv2
    import numpy

    read = reader(cv2, reduced)

    def photograph(path):
        return cv2.resize(read(path), (SIDE, SIDE), interpolation=cv2.INTER_LINEAR).transpose(2, 0, 1)

    paths = jpegs(options.images)

    def run():
        results, batch = [], numpy.zeros((32, 3, 64, 64), dtype=numpy.float32)
        with ThreadPoolExecutor(THREADS) as workers:
            photographs = workers.map(photograph, paths)
            for first in range(0, len(paths), 32):
                count = min(32, len(paths) - first)
                for index in range(count):
                    numpy.multiply(next(photographs), numpy.float32(1 / 255), out=batch[index])
                outputs = forward(batch)[:count, 0]
                results += (1 / (1 + numpy.exp(-outputs))).tolist()
        if len(results) != len(paths):
            raise RuntimeError(f"{len(results)} results for {len(paths)} images")

    return passes(run, len(paths), options.seconds)


def forward_of(cv2, path):
    model = cv2.dnn.readNetFromONNX(path)

    def forward(images):
        model.setInput(images)
        return model.forward()

    return forward


def run(work, variant, options):
    if options.predict:
        return predict(options)
    release = version("opencv-python-headless")
    if work == "cold-start":
        return cold_start(predict_again(), options.seconds), "s", release
    reduced = work.endswith("-reduced")
    if work.startswith("photographs-decoding"):
        import cv2

        cv2.setNumThreads(1)
        read = reader(cv2, reduced)
        return rate_of_files(lambda path: read(path).shape, jpegs(options.images), options.seconds), "images/s", release
    if work in ROWS:
        raise Unsupported("what rows cost is measured with Fovea alone")
    if work not in ("folder-jpeg", "folder-jpeg-reduced") and not work.endswith(("-inference", "-latency")):
        raise Unsupported("OpenCV's dnn has no training")
    import cv2
    import numpy

    cv2.setNumThreads(THREADS)
    if work.startswith("folder-jpeg"):
        forward = forward_of(cv2, f"{options.assets}/cats-and-dogs-32.onnx")
        return classify_folder(forward, options, reduced), "images/s", release
    network, mode = work.rsplit("-", 1)
    batch = 1 if mode == "latency" else NETWORKS[network][2]
    forward = forward_of(cv2, f"{options.assets}/{network}-{batch}.onnx")
    images, _ = pictures(numpy, network, batch=batch)
    if mode == "latency":
        return latency(lambda: forward(images[0]), options.seconds), "µs", release
    return rate(lambda index: forward(images[index % len(images)]), batch, options.seconds), "images/s", release


if __name__ == "__main__":
    main("opencv", VARIANTS, run)
