"""How far a distribution has moved from a baseline, by open statistics.

Population stability index (PSI), two-sample Kolmogorov-Smirnov statistic (KS) and Jensen-Shannon
distance (base 2, from 0 to 1). Missing values are a category of their own.
"""

from __future__ import annotations

import math
from collections.abc import Mapping, Sequence

import numpy as np

from mlaudit_reference.container.arrays import Floats
from mlaudit_reference.container.statistics import Document, feature, sample_of, shares_of

_BINS = 10
_LEAST = 1e-4
"""A share of nothing would make the index infinite; this stands for it, as is usual."""

Shift = dict[str, float]


def numeric_shift(statistics: Document, name: str, values: Floats) -> Shift:
    """How far a numeric feature moved.

    Args:
        statistics: Of the baseline.
        name: The feature.
        values: What it is now; NaN where missing.

    Raises:
        KeyError: The baseline has no values of it.
    """
    sample = sample_of(statistics, name)
    if not len(sample):
        raise KeyError(name)
    present = np.sort(values[~np.isnan(values)])
    edges = np.unique(np.quantile(sample, np.linspace(0, 1, _BINS + 1)[1:-1]))
    common = (feature(statistics, name) or {})["numerical_statistics"]["common"]
    total = common["num_present"] + common["num_missing"]
    before = _binned(sample, edges, common["num_missing"] / total)
    now = _binned(present, edges, 1 - len(present) / len(values))
    found = {"psi": psi(before, now), "jensen_shannon": jensen_shannon(before, now)}
    return {**found, "ks": ks(sample, present)} if len(present) else found


def categorical_shift(statistics: Document, name: str, values: Sequence[str]) -> Shift:
    """How far a categorical feature moved.

    Raises:
        KeyError: The baseline has no values of it.
    """
    before = shares_of(statistics, name)
    if not before:
        raise KeyError(name)
    found, counts = np.unique(np.asarray(values, dtype=np.str_), return_counts=True)
    now = dict(zip(found.tolist(), (counts / len(values)).tolist(), strict=True))
    known = sorted(before.keys() | now.keys())
    pair = [np.array([each.get(value, 0.0) for value in known]) for each in (before, now)]
    return {"psi": psi(pair[0], pair[1]), "jensen_shannon": jensen_shannon(pair[0], pair[1])}


def _binned(values: Floats, edges: Floats, missing: float) -> Floats:
    """The share of values in each bin, and last the share of missing ones."""
    counts = np.bincount(np.searchsorted(edges, values, side="left"), minlength=len(edges) + 1)
    shares = counts / max(1, len(values)) * (1 - missing)
    return np.append(shares, missing).astype(np.float64)


def psi(before: Floats, now: Floats) -> float:
    """The population stability index of two sets of shares."""
    old, new = np.maximum(before, _LEAST), np.maximum(now, _LEAST)
    return float(np.sum((new - old) * np.log(new / old)))


def jensen_shannon(before: Floats, now: Floats) -> float:
    """The Jensen-Shannon distance of two sets of shares, from 0 to 1."""
    middle = (before + now) / 2
    divergence = (_divergence(before, middle) + _divergence(now, middle)) / 2
    # Rounding may bring it below 0.
    return math.sqrt(max(0.0, divergence))


def _divergence(shares: Floats, other: Floats) -> float:
    held = shares > 0
    return float(np.sum(shares[held] * np.log2(shares[held] / other[held])))


def ks(one: Floats, other: Floats) -> float:
    """The greatest difference between the distribution functions of two sorted samples."""
    places = np.concatenate([one, other])
    rises = [np.searchsorted(each, places, side="right") / len(each) for each in (one, other)]
    return float(np.max(np.abs(rises[0] - rises[1])))


def ndcg(baseline: Mapping[str, float], now: Mapping[str, float]) -> float:
    """How well the order of attributions now keeps the weight of the baseline's, from 0 to 1.

    The normalised discounted cumulative gain by which SageMaker Clarify measures attribution drift:
    1 if the features stand in the same order; below 0.9 it alerts.
    """

    def gain(order: Sequence[str]) -> float:
        return sum(baseline[name] / math.log2(place) for place, name in enumerate(order, start=2))

    ideal = gain(sorted(baseline, key=lambda name: -baseline[name]))
    return gain(sorted(baseline, key=lambda name: -now[name])) / ideal if ideal else 1.0


def rank_correlation(one: Sequence[float], other: Sequence[float]) -> float | None:
    """Spearman's rank correlation; ``None`` where one of both is constant."""
    ranks = [_ranks(np.asarray(each, dtype=np.float64)) for each in (one, other)]
    centred = [each - each.mean() for each in ranks]
    scale = math.sqrt(float(np.sum(centred[0] ** 2) * np.sum(centred[1] ** 2)))
    return float(np.sum(centred[0] * centred[1])) / scale if scale else None


def _ranks(values: Floats) -> Floats:
    """Ranks from 1, equal values sharing their mean."""
    _, place, counts = np.unique(values, return_inverse=True, return_counts=True)
    mean: Floats = np.cumsum(counts) - (counts - 1) / 2
    return mean[place]
