"""Train a small network with JAX, Flax and Optax.

Every epoch leaves a checkpoint, and training starts again at the newest good one: on the same
machine the result is the same, bit by bit, as if it had never been interrupted.
"""

from __future__ import annotations

import sys
from collections.abc import Callable, Sequence
from typing import Any

import jax
import numpy as np
import optax

from mlaudit_reference.container import batches, locations
from mlaudit_reference.container.checkpoints import Checkpoint, fingerprint, newest, save
from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.predictors import flax_mlp
from mlaudit_reference.container.training import Job, Trained, measured, report, run

State = tuple[Any, Any]
"""The weights, and what the optimizer remembers."""

Step = Callable[[State, Any, Any], State]


def main(argv: Sequence[str] | None = None) -> int:
    """Train as the job says."""
    return run("jax", train, argv)


def train(job: Job) -> Trained:
    """Train, write the model, and say how it scores."""
    said = job.parameters
    model = flax_mlp.network(int(said["hidden"]), int(said["depth"]))
    optimizer = optax.adamw(said["learning_rate"], weight_decay=said["weight_decay"])
    probabilities = flax_mlp.asked(model)
    mark = fingerprint(said, job.train.vectors, job.train.labels)
    start, state = _resumed(_fresh(job, model, optimizer), mark)
    step = _step(model, optimizer)
    for epoch in range(start, int(said["epochs"])):
        state = _learned(job, step, state, epoch)
        save(locations.checkpoints(), mark, Checkpoint(epoch + 1, _numbered(state)))
        scores = probabilities(state[0], job.validation.vectors)
        report(measured("validation", job.validation.labels, scores))
    flax_mlp.write(locations.model() / flax_mlp.FILE, state[0])
    return Trained(
        artifact=flax_mlp.FILE,
        version=jax.__version__,
        train=probabilities(state[0], job.train.vectors),
        validation=probabilities(state[0], job.validation.vectors),
        details={"epochs": int(said["epochs"])},
    )


def _fresh(job: Job, model: Any, optimizer: Any) -> State:
    """Where training starts: by chance, or at the earlier model."""
    key = jax.random.key(int(job.parameters["seed"]))
    weights = model.init(key, job.train.vectors[:1])
    if job.earlier is not None:
        earlier = flax_mlp.read(job.earlier / flax_mlp.FILE)
        if jax.tree.map(np.shape, earlier) != jax.tree.map(np.shape, weights):
            raise InputError("warm start: the earlier model is another network")
        weights = earlier
    return weights, optimizer.init(weights)


def _step(model: Any, optimizer: Any) -> Step:
    """How one batch changes the state, compiled."""

    def loss(weights: Any, vectors: Any, labels: Any) -> Any:
        odds = model.apply(weights, vectors)[:, 0]
        return optax.sigmoid_binary_cross_entropy(odds, labels).mean()

    def step(state: State, vectors: Any, labels: Any) -> State:
        weights, memory = state
        gradients = jax.grad(loss)(weights, vectors, labels)
        changes, memory = optimizer.update(gradients, memory, weights)
        return optax.apply_updates(weights, changes), memory

    compiled: Step = jax.jit(step)
    return compiled


def _learned(job: Job, step: Step, state: State, epoch: int) -> State:
    """The state after one epoch."""
    size, seed = int(job.parameters["batch_size"]), int(job.parameters["seed"])
    labels = job.train.labels.astype(np.float32)
    for batch in batches.batches(len(labels), size, seed, epoch):
        state = step(state, job.train.vectors[batch], labels[batch])
    return state


def _numbered(state: State) -> dict[str, Any]:
    """All numbers of a state, in the order of its tree."""
    return {f"{place:05d}": np.asarray(each) for place, each in enumerate(jax.tree.leaves(state))}


def _resumed(fresh: State, mark: str) -> tuple[int, State]:
    """Go on from the newest good checkpoint; the epochs that are done, and the state."""
    found = newest(locations.checkpoints(), mark)
    if found is None:
        return 0, fresh
    leaves = [found.arrays[name] for name in sorted(found.arrays)]
    return found.epoch, jax.tree.unflatten(jax.tree.structure(fresh), leaves)


if __name__ == "__main__":
    sys.exit(main())
