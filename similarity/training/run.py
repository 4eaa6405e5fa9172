"""The training loop: growing pictures, a falling rate, checkpoints to go on from."""

import math
import time
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import keras
import numpy as np

from similarity.training.dataset import Dataset
from similarity.training.network import Trainee, resnet50
from similarity.training.views import pairs

BATCH = 64  # products; each in two views
WARM_UP_STEPS = 100
CHECKPOINT_EVERY_S = 300
LOOKS = 4
# Share of the steps from which on pictures have this share of the full input's sides. Most of what is
# learnt is learnt from small pictures, at a fraction of the cost.
GROWTH_NEW = ((0.0, 0.4), (0.17, 0.6), (0.42, 0.8), (0.8, 1.0))
GROWTH_TUNED = ((0.0, 0.8), (0.7, 1.0))


@dataclass(frozen=True)
class Plan:
    """How to train. `start` is a `.weights.h5` to go on from, None for a new network."""

    height: int
    width: int
    epochs: float
    learning_rate: float
    start: Path | None = None

    def size(self, share: float) -> tuple[int, int]:
        """Height and width of the pictures when this share of the steps is done."""
        growth = GROWTH_TUNED if self.start else GROWTH_NEW
        side = next(side for since, side in reversed(growth) if share >= since)
        return round(self.height * side / 4) * 4, round(self.width * side / 4) * 4

    def rate(self, step: int, steps: int) -> float:
        """The learning rate of a step: a short rise, then linearly to 0."""
        return self.learning_rate * min(1.0, (step + 1) / WARM_UP_STEPS) * (1 - step / steps)


def train(
    dataset: Dataset,
    rows: np.ndarray,
    plan: Plan,
    checkpoint: Path,
    advance: Callable[[int, int, float], None] = lambda step, steps, loss: None,
    look: Callable[[float, keras.Model], None] = lambda share, network: None,
) -> keras.Model:
    """Train on `rows` of `dataset`; returns the network without heads.

    Goes on from `checkpoint` if that exists, also with other `epochs`. `advance` is told step, steps and
    mean loss; `look` sees the network `LOOKS` times on the way.
    """
    network = resnet50()
    if plan.start:
        network.load_weights(plan.start)
    trainee = Trainee(network, dataset.classes)
    optimizer = keras.optimizers.SGD(
        plan.learning_rate, momentum=0.9, nesterov=True, weight_decay=5e-4, global_clipnorm=5.0
    )
    optimizer.exclude_from_weight_decay(var_names=["gamma", "beta", "bias"])
    trainee.compile(optimizer=optimizer, jit_compile=False)
    trainee(np.zeros((2, *plan.size(0.0), 3), np.uint8))
    optimizer.build(trainee.trainable_variables)
    step = _restore(checkpoint, trainee)
    steps = max(1, math.ceil(plan.epochs * len(rows) / BATCH))
    rng = np.random.default_rng(step)
    seen, saved, losses = int(LOOKS * step / steps), time.monotonic(), []
    with ThreadPoolExecutor(2) as pool, ThreadPoolExecutor(1) as ahead:

        def prepare(step: int) -> tuple[np.ndarray, dict[str, np.ndarray]]:
            chosen = choose(dataset, rows, rng)
            views = pairs(dataset, chosen, plan.size(step / steps), rng, pool)
            return views, {name: np.tile(dataset.labels[name][chosen], 2) for name in dataset.labels}

        upcoming = ahead.submit(prepare, step)
        while step < steps:
            views, labels = upcoming.result()
            upcoming = ahead.submit(prepare, step + 1)
            optimizer.learning_rate = plan.rate(step, steps)
            losses.append(float(trainee.train_on_batch(views, labels)))
            step += 1
            if step % 20 == 0 or step == steps:
                advance(step, steps, float(np.mean(losses)))
                losses.clear()
            if time.monotonic() - saved > CHECKPOINT_EVERY_S:
                _save(checkpoint, trainee, step)
                saved = time.monotonic()
            if int(LOOKS * step / steps) > seen:
                seen = int(LOOKS * step / steps)
                look(step / steps, network)
    _save(checkpoint, trainee, step)
    return network


def choose(dataset: Dataset, rows: np.ndarray, rng: np.random.Generator) -> np.ndarray:
    """A batch: half of it any products, half of it two groups of one kind each, the hardest to tell apart."""
    size = min(BATCH, len(rows))
    chosen = [rng.choice(rows, size - 2 * (size // 4), replace=False)]
    kinds = dataset.labels["articleType"]
    for _ in range(2):
        alike = rows[kinds[rows] == kinds[rng.choice(rows)]]
        chosen.append(rng.choice(alike, min(size // 4, len(alike)), replace=False))
    batch = np.unique(np.concatenate(chosen))
    # Always the same shape: what was drawn twice, or lacked in a small group, is made up for.
    spare = np.setdiff1d(rng.choice(rows, min(2 * size, len(rows)), replace=False), batch)
    return np.concatenate([batch, spare])[:size]


def _save(checkpoint: Path, trainee: Trainee, step: int) -> None:
    """All weights and the optimizer's state, in their order; the file is replaced in one go."""
    values = [np.asarray(keras.ops.convert_to_numpy(each)) for each in _state(trainee)]
    part = checkpoint.with_suffix(".part.npz")
    np.savez(part, *values, step=step)
    part.replace(checkpoint)


def _restore(checkpoint: Path, trainee: Trainee) -> int:
    """The step the checkpoint was made at, its values put into place; 0 when there is none."""
    if not checkpoint.exists():
        return 0
    with np.load(checkpoint, allow_pickle=False) as arrays:
        for number, variable in enumerate(_state(trainee)):
            variable.assign(arrays[f"arr_{number}"])
        return int(arrays["step"])


def _state(trainee: Trainee) -> list[keras.Variable]:
    return [*trainee.variables, *trainee.optimizer.variables]
