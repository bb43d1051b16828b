"""Makes Tests/Fixtures/Calibration: scores with their right classes, and what scikit-learn and SciPy say of them."""

import numpy
from scipy.optimize import minimize_scalar
from scipy.special import log_softmax, softmax
from sklearn import metrics
from sklearn.calibration import calibration_curve

from fixture_file import Numbers, main, write

BINS = 15


def expected_error(confidences, classes):
    """Over equally wide bins of the most probable class's confidence, from scikit-learn's reliability curve."""
    best = confidences.max(axis=1)
    right = confidences.argmax(axis=1) == classes
    accuracy, confidence = calibration_curve(right, best, n_bins=BINS, strategy="uniform")
    counts = numpy.bincount(numpy.searchsorted(numpy.linspace(0, 1, BINS + 1)[1:-1], best), minlength=BINS)
    return float(numpy.sum(counts[counts > 0] * numpy.abs(accuracy - confidence)) / len(classes))


def temperature(logits, classes):
    def loss(inverse):
        return -log_softmax(logits.astype(float) * inverse, axis=1)[numpy.arange(len(classes)), classes].mean()

    return 1 / minimize_scalar(loss, bounds=(0.01, 100), method="bounded", options={"xatol": 1e-10}).x


def best(figure, scores, positive):
    """The largest value of a figure that any threshold reaches."""
    thresholds = [0.0, *scores, 2.0]
    return max(figure(positive, scores >= threshold) for threshold in thresholds)


def case(root, name, count, width, sharpness, digits=None, rare=None):
    numbers = Numbers(f"calibration-{name}")
    logits = numbers.uniform(count, width, low=-3, high=3)
    if width == 2:
        logits[:, 0] = 0
    if digits is not None:
        logits = numpy.round(logits, digits)
    if rare is not None:
        logits[:, 1] -= numpy.float32(rare)
    # Classes are drawn from the logits' own softmax; what the model puts out is sharper than that.
    draws = numbers.uniform(count, low=0, high=1)
    cumulated = numpy.cumsum(softmax(logits.astype(float), axis=1), axis=1)
    classes = numpy.minimum((draws[:, None] > cumulated).sum(axis=1), width - 1)
    logits = (logits * numpy.float32(sharpness)).astype(numpy.float32)
    confidences = softmax(logits.astype(float), axis=1).astype(numpy.float32)
    indicators = numpy.eye(width)[classes]
    brier = ((confidences.astype(float) - indicators) ** 2).sum(axis=1).mean()
    if width == 2:
        brier = metrics.brier_score_loss(classes, confidences[:, 1])
    tensors = {
        "logits": logits,
        "classes": classes.astype(numpy.int32),
        "confidences": confidences,
        "area": numpy.array(
            [metrics.roc_auc_score(classes == k, confidences[:, k]) for k in range(width)], numpy.float32),
        "averagePrecision": numpy.array(
            [metrics.average_precision_score(classes == k, confidences[:, k]) for k in range(width)], numpy.float32),
        "brier": numpy.array([brier], numpy.float32),
        "logLoss": numpy.array(
            [metrics.log_loss(classes, confidences / confidences.astype(float).sum(axis=1, keepdims=True),
                              labels=range(width))], numpy.float32),
        "expectedError": numpy.array([expected_error(confidences, classes)], numpy.float32),
        "temperature": numpy.array([temperature(logits, classes)], numpy.float32),
    }
    if width == 2:
        positive = classes == 1
        tensors["best"] = numpy.array(
            [best(figure, confidences[:, 1], positive) for figure in
             [metrics.balanced_accuracy_score, metrics.f1_score, metrics.accuracy_score]], numpy.float32)
    write(root / "Calibration" / f"{name}.safetensors", tensors, {"bins": str(BINS)})


def generate(root):
    case(root, "two-classes", 200, 2, 2.5)
    case(root, "two-classes-with-ties", 150, 2, 0.6, digits=0)
    case(root, "a-rare-class", 240, 2, 1.5, rare=2)
    case(root, "five-classes", 220, 5, 1.8)
    case(root, "three-unsure", 90, 3, 0.4)


if __name__ == "__main__":
    main(["Calibration"], generate)
