"""Train a small network with PyTorch: in one process, or in several that ``torchrun`` starts.

Every epoch leaves a checkpoint, and training starts again at the newest good one: on the same
machine the result is the same, bit by bit, as if it had never been interrupted. Several processes
see together what one process sees, so that their result differs from its by rounding alone.
"""

from __future__ import annotations

import os
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import torch
from torch import distributed

from mlaudit_reference.container import batches, locations
from mlaudit_reference.container.checkpoints import Arrays, Checkpoint, fingerprint, newest, save
from mlaudit_reference.container.predictors import torch_mlp
from mlaudit_reference.container.training import Job, Trained, measured, report, run

_MODEL, _OPTIMIZER = "model/", "optimizer/"


@dataclass(frozen=True)
class Place:
    """Which of several processes this is.

    Attributes:
        rank: Its number; 0 writes.
        world: How many there are.
        device: What it computes on.
    """

    rank: int
    world: int
    device: Any


_SETTLED = 0.2
"""Seconds. Gloo's thread lets go of its last work under Python's lock; whoever ends the group holds
that lock while it waits for the thread, so the thread gets the time to be done before."""


def main(argv: Sequence[str] | None = None) -> int:
    """Train as the job says."""
    return run("pytorch", train, argv)


def train(job: Job) -> Trained | None:
    """Train, write the model, and say how it scores; only the first process says anything."""
    _be_deterministic(int(job.parameters["seed"]))
    with _joined() as place:
        model, optimizer = _fresh(job, place)
        mark = fingerprint(job.parameters, job.train.vectors, job.train.labels)
        start = _resumed(model, optimizer, mark, place)
        wrapped = model
        if place.world > 1:
            wrapped = torch.nn.parallel.DistributedDataParallel(model)
        for epoch in range(start, int(job.parameters["epochs"])):
            _learn(job, wrapped, optimizer, epoch, place)
            if place.rank == 0:
                _record(job, model, optimizer, (mark, epoch + 1))
        return _finished(job, model) if place.rank == 0 else None


def _be_deterministic(seed: int) -> None:
    os.environ.setdefault("CUBLAS_WORKSPACE_CONFIG", ":4096:8")
    torch.manual_seed(seed)
    torch.use_deterministic_algorithms(mode=True)


@contextmanager
def _joined() -> Iterator[Place]:
    """Join the other processes, if ``torchrun`` started several."""
    has_gpu = torch.cuda.is_available()
    device = torch.device(f"cuda:{os.environ.get('LOCAL_RANK', '0')}" if has_gpu else "cpu")
    if has_gpu:
        torch.cuda.set_device(device)
    if int(os.environ.get("WORLD_SIZE", "1")) == 1:
        yield Place(0, 1, device)
        return
    distributed.init_process_group("nccl" if has_gpu else "gloo")
    yield Place(distributed.get_rank(), distributed.get_world_size(), device)
    distributed.barrier()
    time.sleep(_SETTLED)
    distributed.destroy_process_group()


def _fresh(job: Job, place: Place) -> tuple[Any, Any]:
    """The network and its optimizer before the first epoch."""
    said = job.parameters
    width = job.train.vectors.shape[1]
    model = torch_mlp.network(width, int(said["hidden"]), int(said["depth"])).to(place.device)
    if job.earlier is not None:
        torch_mlp.restore(model, torch_mlp.read(job.earlier / torch_mlp.FILE))
    optimizer = torch.optim.AdamW(
        model.parameters(), lr=said["learning_rate"], weight_decay=said["weight_decay"]
    )
    return model, optimizer


def _learn(job: Job, model: Any, optimizer: Any, epoch: int, place: Place) -> None:
    """One epoch."""
    vectors = torch.from_numpy(job.train.vectors)
    labels = torch.from_numpy(job.train.labels).float()
    size, seed = int(job.parameters["batch_size"]), int(job.parameters["seed"])
    model.train()
    for batch in batches.batches(len(labels), size, seed, epoch):
        mine = torch.from_numpy(batches.share(batch, place.rank, place.world))
        if not len(mine):
            continue
        odds = model(vectors[mine].to(place.device)).squeeze(1)
        wanted = labels[mine].to(place.device)
        loss = torch.nn.functional.binary_cross_entropy_with_logits(odds, wanted)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    model.eval()


def _record(job: Job, model: Any, optimizer: Any, at: tuple[str, int]) -> None:
    """Leave a checkpoint, then say how good the model is."""
    mark, done = at
    weights = {f"{_MODEL}{name}": each for name, each in torch_mlp.arrays(model).items()}
    save(locations.checkpoints(), mark, Checkpoint(done, {**weights, **_moments(optimizer)}))
    scores = torch_mlp.probabilities(model, job.validation.vectors)
    report(measured("validation", job.validation.labels, scores))


def _moments(optimizer: Any) -> Arrays:
    """What the optimizer remembers, by parameter and name."""
    return {
        f"{_OPTIMIZER}{number}/{name}": each.detach().cpu().numpy()
        for number, found in optimizer.state_dict()["state"].items()
        for name, each in found.items()
    }


def _resumed(model: Any, optimizer: Any, mark: str, place: Place) -> int:
    """Go on from the newest good checkpoint of the first process; the epochs that are done."""
    held = [newest(locations.checkpoints(), mark) if place.rank == 0 else None]
    if place.world > 1:
        distributed.broadcast_object_list(held, device=place.device)
    found = held[0]
    if found is None:
        return 0
    torch_mlp.restore(model, _under(found.arrays, _MODEL))
    state: dict[int, dict[str, Any]] = {}
    for key, each in _under(found.arrays, _OPTIMIZER).items():
        number, _, name = key.partition("/")
        state.setdefault(int(number), {})[name] = torch.from_numpy(each)
    groups = optimizer.state_dict()["param_groups"]
    optimizer.load_state_dict({"state": state, "param_groups": groups})
    return found.epoch


def _under(arrays: Arrays, prefix: str) -> Arrays:
    return {
        name.removeprefix(prefix): each for name, each in arrays.items() if name.startswith(prefix)
    }


def _finished(job: Job, model: Any) -> Trained:
    torch_mlp.write(locations.model() / torch_mlp.FILE, model)
    return Trained(
        artifact=torch_mlp.FILE,
        version=torch.__version__,
        train=torch_mlp.probabilities(model, job.train.vectors),
        validation=torch_mlp.probabilities(model, job.validation.vectors),
        details={"epochs": int(job.parameters["epochs"])},
    )


if __name__ == "__main__":
    sys.exit(main())
