"""Which records a network sees when: the same in every run, wherever training starts again."""

from __future__ import annotations

from collections.abc import Iterator

import numpy as np
import numpy.typing as npt

Places = npt.NDArray[np.int64]


def batches(rows: int, size: int, seed: int, epoch: int) -> Iterator[Places]:
    """The places of the records of each batch of an epoch, in an order that is its own.

    The order follows from the seed and the epoch alone, so that training that starts again at an
    epoch goes on as if it had never stopped.
    """
    order = np.random.default_rng([seed, epoch]).permutation(rows)
    for start in range(0, rows, size):
        yield order[start : start + size]


def share(batch: Places, rank: int, world: int) -> Places:
    """What one of several processes takes of a batch; all take equally many.

    At most ``world - 1`` records are left out, else the mean of the gradients of the processes
    would not be the gradient of the batch.
    """
    even = len(batch) - len(batch) % world
    return batch[:even][rank::world]
