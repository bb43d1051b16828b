"""Measures OpenVINO: inference of the networks that `prepare.py` exported from PyTorch."""

from measure import THREADS, Unsupported, exported, main

VARIANTS = ["latency", "throughput"]


def load(path, hint):
    import openvino

    settings = {"INFERENCE_NUM_THREADS": THREADS, "PERFORMANCE_HINT": hint.upper(), "INFERENCE_PRECISION_HINT": "f32"}
    model = openvino.Core().compile_model(path, "CPU", settings)
    request = model.create_infer_request()
    return lambda images: request.infer({0: images}, share_inputs=True)


def run(work, variant, options):
    if not work.endswith(("-inference", "-latency")):
        raise Unsupported("OpenVINO is measured on inference")
    if variant == "throughput" and work.endswith("-latency"):
        raise Unsupported("one image is not a matter of throughput")
    try:
        import openvino
    except ImportError as error:
        raise Unsupported(f"OpenVINO is not installed: {error}") from error
    return *exported(work, options, lambda path: load(path, variant)), openvino.__version__.split("-")[0]


if __name__ == "__main__":
    main("openvino", VARIANTS, run)
