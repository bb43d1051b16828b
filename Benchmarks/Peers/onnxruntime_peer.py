"""Measures ONNX Runtime: inference of the networks that `prepare.py` exported from PyTorch."""

from functools import partial
from importlib.metadata import version

from measure import ROWS, THREADS, Unsupported, cold_start, exported, main, predict_again

VARIANTS = ["default"]


def session(path):
    import onnxruntime

    options = onnxruntime.SessionOptions()
    options.intra_op_num_threads = THREADS
    return onnxruntime.InferenceSession(path, options, providers=["CPUExecutionProvider"])


def predict(options):
    import numpy
    from PIL import Image

    model = session(f"{options.assets}/lenet-1.onnx")
    image = numpy.asarray(Image.open(f"{options.assets}/digit.png"), dtype=numpy.float32) / 255
    output = model.run(None, {"input": image[None, None]})[0][0]
    output = numpy.exp(output - output.max())
    print(int(output.argmax()), float(output.max() / output.sum()), flush=True)


def folder(options, reduced):
    import cv2

    from opencv_peer import classify_folder

    cv2.setNumThreads(1)
    model = session(f"{options.assets}/cats-and-dogs-32.onnx")
    return classify_folder(lambda images: model.run(None, {"input": images})[0], options, reduced)


def run(work, variant, options):
    if options.predict:
        return predict(options)
    release = version("onnxruntime")
    if work == "cold-start":
        return cold_start(predict_again(), options.seconds), "s", release
    if work in ("folder-jpeg", "folder-jpeg-reduced"):
        return folder(options, work.endswith("reduced")), "images/s", release
    if work in ROWS:
        raise Unsupported("what rows cost is measured with Fovea alone")
    if not work.endswith(("-inference", "-latency")):
        raise Unsupported("ONNX Runtime is measured on inference")
    return *exported(work, options, lambda path: partial(run_session, session(path))), release


def run_session(model, images):
    return model.run(None, {"input": images})[0]


if __name__ == "__main__":
    main("onnxruntime", VARIANTS, run)
