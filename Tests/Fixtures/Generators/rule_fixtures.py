"""Makes Tests/Fixtures/Rules: what optax makes of given gradients and weights by each rule, and its schedules' rates.

`<rule>` holds `gradient.<n>` for each step, `start` and `weights.<n>` after each step, a matrix; `start.bias` and so on
are a vector, which the rule may spare its decay. `schedules` holds the rate of each step, from 1.
"""

import json

import jax
import numpy
import optax

from fixture_file import Numbers, main, write

STEPS = 6
MATRIX, VECTOR = (5, 7), (5,)


def decays(parameters):
    return jax.tree_util.tree_map(lambda values: values.ndim > 1, parameters)


def rules():
    yield "sgd-nesterov", optax.sgd(0.1, momentum=0.9, nesterov=True), {
        "kind": "sgd", "learningRate": 0.1, "momentum": 0.9, "nesterov": True}
    yield "adamw", optax.adamw(0.01, b1=0.8, b2=0.95, eps=1e-6, weight_decay=0.3, mask=decays), {
        "kind": "adamw", "learningRate": 0.01, "beta1": 0.8, "beta2": 0.95, "epsilon": 1e-6, "weightDecay": 0.3}
    yield "rmsprop", optax.rmsprop(0.01, decay=0.9, eps=1e-3, eps_in_sqrt=False), {
        "kind": "rmsprop", "learningRate": 0.01, "alpha": 0.9, "epsilon": 1e-3}
    yield "lion", optax.lion(0.01, b1=0.7, b2=0.9, weight_decay=0.2, mask=decays), {
        "kind": "lion", "learningRate": 0.01, "beta1": 0.7, "beta2": 0.9, "weightDecay": 0.2}
    yield "clipped-by-norm", optax.chain(optax.clip_by_global_norm(1.5), optax.sgd(0.1)), {
        "kind": "sgd", "learningRate": 0.1, "momentum": 0, "clipping": {"norm": 1.5}}
    yield "clipped-by-value", optax.chain(optax.clip(0.25), optax.sgd(0.1)), {
        "kind": "sgd", "learningRate": 0.1, "momentum": 0, "clipping": {"value": 0.25}}


def trace(root, name, rule, configuration):
    numbers = Numbers(f"rule-{name}")
    weights = {"weight": numbers.uniform(*MATRIX), "bias": numbers.uniform(*VECTOR)}
    tensors = {f"start.{key}": values for key, values in weights.items()}
    state = rule.init(weights)
    for step in range(1, STEPS + 1):
        gradients = {"weight": numbers.uniform(*MATRIX), "bias": numbers.uniform(*VECTOR)}
        updates, state = rule.update(gradients, state, weights)
        weights = optax.apply_updates(weights, updates)
        tensors |= {f"gradient.{step}.{key}": values for key, values in gradients.items()}
        tensors |= {f"weights.{step}.{key}": numpy.asarray(values) for key, values in weights.items()}
    write(root / "Rules" / f"{name}.safetensors", tensors, {"configuration": json.dumps(configuration)})


def schedules(root):
    """Ten passes of eight steps."""
    steps = numpy.arange(80)
    cosine = optax.cosine_decay_schedule(0.5, 80, alpha=0.1)
    warm_up = optax.linear_schedule(0.2, 1.0, 12)
    one_cycle = optax.cosine_onecycle_schedule(80, 0.5, pct_start=0.25, div_factor=20, final_div_factor=50)
    plateau = optax.contrib.reduce_on_plateau(factor=0.5, patience=2, rtol=0, atol=0.01)
    scores = numpy.array([1, 0.8, 0.795, 0.9, 0.85, 0.7, 0.7, 0.7, 0.7, 0.6], numpy.float32)
    state = plateau.init({"w": numpy.zeros(1, numpy.float32)})
    rates = []
    for score in scores:
        rates.append(0.5 * float(state.scale))
        _, state = plateau.update({"w": numpy.zeros(1, numpy.float32)}, state, value=score)
    tensors = {
        "cosine": [cosine(step) for step in steps],
        "warmUpThenCosine": [warm_up(step) * cosine(step) for step in steps],
        "oneCycle": [one_cycle(step) for step in steps],
        "reduceOnPlateau": rates,
        "scores": scores,
    }
    tensors = {name: numpy.array(values, numpy.float32) for name, values in tensors.items()}
    write(root / "Rules" / "schedules.safetensors", tensors, {"passes": "10", "steps": "8"})


def generate(root):
    for name, rule, configuration in rules():
        trace(root, name, rule, configuration)
    schedules(root)


if __name__ == "__main__":
    main(["Rules"], generate, tolerance=1e-5)
