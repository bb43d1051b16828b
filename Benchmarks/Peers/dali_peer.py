"""Measures NVIDIA's DALI: its pipeline for the central processor, which needs no GPU, and ONNX Runtime behind it."""

from importlib.metadata import version

from measure import SIDE, THREADS, Unsupported, jpegs, main, passes

VARIANTS = ["default"]
RELEASE = "nvidia-dali-cuda130"


def pipeline(paths, shrinks):
    """Batches of 32: decoded in full, and where wanted shrunk with antialiasing, to floats 0...1."""
    try:
        from nvidia.dali import fn, pipeline_def, types
    except ImportError as error:
        raise Unsupported(f"not installed: {error}") from error

    @pipeline_def(batch_size=32, num_threads=THREADS, device_id=None, prefetch_queue_depth=2)
    def photographs():
        files, _ = fn.readers.file(files=paths, name="files", pad_last_batch=True)
        images = fn.decoders.image(files, device="cpu", output_type=types.RGB)
        if not shrinks:
            return images
        images = fn.resize(images, size=(SIDE, SIDE), interp_type=types.INTERP_LINEAR, antialias=True)
        return fn.crop_mirror_normalize(images, dtype=types.FLOAT, mean=[0.0] * 3, std=[255.0] * 3, output_layout="CHW")

    made = photographs()
    made.build()
    return made


def folder(options):
    import numpy

    from onnxruntime_peer import session

    paths = jpegs(options.images)
    source, model = pipeline(paths, shrinks=True), session(f"{options.assets}/cats-and-dogs-32.onnx")

    def run():
        results = []
        for first in range(0, len(paths), 32):
            outputs = model.run(None, {"input": source.run()[0].as_array()})[0][: len(paths) - first, 0]
            results += (1 / (1 + numpy.exp(-outputs))).tolist()
        if len(results) != len(paths):
            raise RuntimeError(f"{len(results)} results for {len(paths)} images")

    return passes(run, len(paths), options.seconds)


def decoded(options):
    paths = jpegs(options.images)
    source = pipeline(paths, shrinks=False)

    def run():
        for _ in range(0, len(paths), 32):
            source.run()

    return passes(run, len(paths), options.seconds)


def run(work, variant, options):
    modes = {"folder-jpeg": folder, "photographs-decoding": decoded}
    if work not in modes:
        raise Unsupported("DALI is measured on JPEG files that are decoded in full")
    value = modes[work](options)
    return value, "images/s", version(RELEASE)


if __name__ == "__main__":
    main("dali", VARIANTS, run)
