"""What scikit-learn says of made-up results: Tests/Fixtures/Metrics/metrics.json. Run from this folder with
`pip install scikit-learn==1.9.1` in a virtual environment."""

import json
import pathlib

import numpy as np
from sklearn import metrics as m

random = np.random.default_rng(7)


def distinct_shares(classes, whole=64):
    """Shares of one, no two of a row alike, exact in 32 bits; between rows there are ties."""
    while True:
        cuts = np.sort(random.choice(np.arange(0, whole + 1), classes - 1))
        shares = np.diff([0, *cuts, whole])
        if len(set(shares)) == classes:
            return shares / whole


def averages(truths, decisions):
    figures = {}
    for average in ["macro", "micro", "weighted"]:
        for name, function in [("Precision", m.precision_score), ("Recall", m.recall_score), ("F1", m.f1_score)]:
            figures[average + name] = function(truths, decisions, average=average, zero_division=np.nan)
    return figures


def classes():
    count, kinds = 60, 4
    targets = random.choice(kinds, count, p=[0.5, 0.3, 0.15, 0.05])
    scores = np.array([distinct_shares(kinds) for _ in range(count)])
    for row, target in zip(scores, targets):
        if random.random() < 0.6:
            best = row.argmax()
            row[[best, target]] = row[[target, best]]
    decisions = scores.argmax(axis=1)
    one_hot = np.eye(kinds, dtype=int)[targets]
    return {
        "scores": scores.tolist(), "targets": targets.tolist(),
        "figures": {
            "accuracy": m.accuracy_score(targets, decisions),
            "balancedAccuracy": m.balanced_accuracy_score(targets, decisions),
            "top2Accuracy": m.top_k_accuracy_score(targets, scores, k=2),
            "top3Accuracy": m.top_k_accuracy_score(targets, scores, k=3),
            "meanAveragePrecision": m.average_precision_score(one_hot, scores, average="macro"),
            "areaUnderROC": m.roc_auc_score(targets, scores, multi_class="ovr", average="macro"),
            "logLoss": m.log_loss(targets, scores.astype(np.float32)),
            **averages(targets, decisions),
        },
    }


def labels():
    count, kinds = 50, 3
    truths = (random.random((count, kinds)) < [0.5, 0.3, 0.2]).astype(int)
    scores = np.clip(np.round((0.6 * random.random((count, kinds)) + 0.4 * truths) * 32) / 32, 0, 1)
    decisions = (scores >= 0.5).astype(int)
    losses = [m.log_loss(truths[:, i], scores[:, i].astype(np.float32), labels=[0, 1]) for i in range(kinds)]
    return {
        "scores": scores.tolist(), "targets": truths.tolist(),
        "figures": {
            "exactMatch": m.accuracy_score(truths, decisions),
            "meanAveragePrecision": m.average_precision_score(truths, scores, average="macro"),
            "areaUnderROC": m.roc_auc_score(truths, scores, average="macro"),
            "logLoss": float(np.mean(losses)),
            **averages(truths, decisions),
        },
    }


def numbers():
    count = 40
    targets = np.round(random.normal([100, 0], [5, 0.2], (count, 2)), 3).astype(np.float32)
    values = (targets + random.normal(0, [2, 0.1], (count, 2))).round(3).astype(np.float32)
    true, given = targets.astype(float), values.astype(float)
    return {
        "values": values.tolist(), "targets": targets.tolist(),
        "figures": {
            "meanAbsoluteError": m.mean_absolute_error(true, given),
            "meanSquareError": m.mean_squared_error(true, given),
            "rootMeanSquareError": m.root_mean_squared_error(true, given),
            "r2": m.r2_score(true, given),
        },
    }


document = {"classes": classes(), "labels": labels(), "numbers": numbers()}
path = pathlib.Path(__file__).parent.parent / "Metrics" / "metrics.json"
path.write_text(json.dumps(document) + "\n")
print({name: part["figures"] for name, part in document.items()})
