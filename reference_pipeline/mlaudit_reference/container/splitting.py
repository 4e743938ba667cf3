"""Which records train, which choose the best model, and which test it.

A record's place follows from its id and the seed alone: more data does not move old records, so
that nothing that was tested on is ever trained on.
"""

from __future__ import annotations

from collections.abc import Iterable
from hashlib import sha256

import numpy as np

from mlaudit_reference.container.arrays import Flags, Floats

SHARES = {"train": 0.70, "validation": 0.15, "test": 0.15}
_BYTES = 8


def split(ids: Iterable[str], seed: int) -> dict[str, Flags]:
    """For each part a flag for every record; every record is in exactly one part."""
    places = np.array([_place(each, seed) for each in ids], dtype=np.float64)
    ends = np.cumsum(list(SHARES.values()))
    ends[-1] = 1.0
    starts = np.concatenate([[0.0], ends[:-1]])
    return {
        name: _between(places, float(start), float(end))
        for name, start, end in zip(SHARES, starts, ends, strict=True)
    }


def _between(places: Floats, start: float, end: float) -> Flags:
    flags: Flags = (places >= start) & (places < end)
    return flags


def _place(record_id: str, seed: int) -> float:
    """A number from 0 to below 1."""
    digest = sha256(f"{seed}:{record_id}".encode()).digest()
    # 53 bits are what a float holds, so that the result stays below 1.
    return (int.from_bytes(digest[:_BYTES], "big") >> 11) / (1 << 53)
