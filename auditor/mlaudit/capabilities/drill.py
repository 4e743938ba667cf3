"""The trace drill: what it takes to make a model that serves again, looked up link by link."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Any

from mlaudit.capabilities import provider
from mlaudit.capabilities.data import training_data
from mlaudit.capabilities.environment import Environment, environments
from mlaudit.capabilities.logging import has_logs
from mlaudit.capabilities.provenance import (
    Provenance,
    provenances,
    runs_of_models,
    training_records,
)
from mlaudit.capabilities.registry import ServedVersion, served_versions
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import LogGroup, LogStream, Tracker
from mlaudit.sight import View


class Link(StrEnum):
    """What leads from a model that answers wrongly back to what made it."""

    DATA = "data version"
    IMAGE = "image digest"
    COMMIT = "commit"
    SETTINGS = "hyperparameters"
    RUN = "pipeline run"
    LOGS = "training logs"


ALL_LINKS = len(Link)
ENOUGH_LINKS = ALL_LINKS / 2
"""From how many links on record a model is traced in part."""


@dataclass(frozen=True, slots=True)
class Drill:
    """How far a model that serves is traced by what is on record.

    A link that could not be seen is neither found nor missing.

    Attributes:
        arn: The model.
        words: The model and where it serves.
        found: The links that are on record.
        missing: The links that are not.
        at: When the newest of its training jobs ended.
    """

    arn: str
    words: str
    found: tuple[Link, ...]
    missing: tuple[Link, ...]
    at: datetime | None

    @property
    def complete(self) -> bool:
        """Whether every link is on record."""
        return len(self.found) == ALL_LINKS

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.at)


@dataclass(frozen=True, slots=True)
class _Looked:
    """What one link is for each model, and what hides it."""

    holds: tuple[tuple[str, bool], ...]
    gaps: tuple[Gap, ...]

    @classmethod
    def at(
        cls, evidence: Evidence[Any], holds: Callable[[Any], bool], of: Callable[[Any], str]
    ) -> _Looked:
        return cls(tuple((of(each), holds(each)) for each in evidence.items), evidence.gaps)

    def state(self, arn: str) -> bool | None:
        """Whether a model has the link; ``None`` where that could not be seen."""
        mine = [holds for model, holds in self.holds if model == arn]
        if not all(mine):
            return False
        return True if mine and arn not in {gap.subject for gap in self.gaps} else None


@provider
def drills(view: View) -> Evidence[Drill]:
    """Every model that serves and was trained by oneself, traced link by link.

    A model with a link that could not be seen is a gap, unless the other links settle whether all,
    half or less of them are on record.
    """
    traced = view.once(provenances)
    looked = _looked(view)
    items: list[Drill] = []
    for origin in traced.items:
        states = {link: each.state(origin.arn) for link, each in looked.items()}
        if not origin.whole:
            states[Link.DATA] = False
        found = tuple(link for link in Link if states[link])
        missing = tuple(link for link in Link if states[link] is False)
        if origin.trained and _is_settled(len(found), len(missing)):
            items.append(Drill(origin.arn, origin.words, found, missing, origin.at))
    gaps = (*traced.gaps, *(gap for each in looked.values() for gap in each.gaps))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps_of_trained(gaps, traced.items))))


@dataclass(frozen=True, slots=True)
class Repeatability:
    """What of the training behind a model that serves is fixed and on record.

    Attributes:
        arn: The model.
        words: The model and where it serves.
        fixed: What is.
        loose: What is not.
        at: When the newest of its training jobs ended.
    """

    arn: str
    words: str
    fixed: tuple[Link, ...]
    loose: tuple[Link, ...]
    at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.at)


_REPEATING = (Link.DATA, Link.IMAGE, Link.COMMIT)
_SEED = re.compile(r"seed|random_?state", re.IGNORECASE)


@provider
def repeatabilities(view: View) -> Evidence[Repeatability]:
    """Every model that serves and was trained by oneself.

    A seed is on record where a hyperparameter is named by it. Where none is, the code may fix it
    all the same: a gap, if nothing else is loose.
    """
    traced = view.once(provenances)
    looked = {link: each for link, each in _looked(view).items() if link in _REPEATING}
    gaps = [*traced.gaps, *(gap for each in looked.values() for gap in each.gaps)]
    items: list[Repeatability] = []
    for origin in traced.items:
        states = {link: each.state(origin.arn) for link, each in looked.items()}
        if not origin.whole:
            states[Link.DATA] = False
        fixed = tuple(link for link in _REPEATING if states[link])
        loose = tuple(link for link in _REPEATING if states[link] is False)
        unseeded = fixed == _REPEATING and not _is_seeded(view, origin)
        if origin.trained and unseeded:
            read = "sagemaker:DescribeTrainingJob"
            gaps.append(Gap.unread(read, view.region.name, "SeedNotOnRecord", origin.arn))
        elif origin.trained and (len(fixed + loose) == len(_REPEATING) or (fixed and loose)):
            items.append(Repeatability(origin.arn, origin.words, fixed, loose, origin.at))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps_of_trained(gaps, traced.items))))


def _is_seeded(view: View, origin: Provenance) -> bool:
    jobs = [
        job
        for each in view.once(served_versions).items
        if each.arn == origin.arn
        for job in each.jobs
    ]
    return all(any(_SEED.search(name) for name in job.hyperparameters) for job in jobs)


def _is_settled(found: int, missing: int) -> bool:
    """Whether what could not be seen would leave the drill where it is."""
    if missing == 0:
        return found == ALL_LINKS
    return found >= ENOUGH_LINKS or ALL_LINKS - missing < ENOUGH_LINKS


def gaps_of_trained(gaps: Iterable[Gap], models: tuple[Provenance, ...]) -> list[Gap]:
    """Without the gaps of models that have no training of one's own, or none on record."""
    provided = {each.arn for each in models if not each.trained}
    by_hand = {each.arn for each in models if not each.whole}
    return [
        gap
        for gap in gaps
        if gap.subject not in provided
        and not (gap.subject in by_hand and gap.code == "OriginNotFound")
    ]


def _looked(view: View) -> dict[Link, _Looked]:
    """Every link of every model, each as the capability that is about it tells."""
    data = view.once(training_data)
    return {
        Link.DATA: _Looked.at(data, lambda each: not each.mutable, lambda each: each.version.arn),
        Link.IMAGE: _Looked.at(view.once(environments), _can_be_had_again, _arn),
        Link.COMMIT: _commits(view),
        Link.SETTINGS: _Looked.at(
            view.once(training_records), lambda each: bool(each.jobs) and each.described, _arn
        ),
        Link.RUN: _Looked.at(
            view.once(runs_of_models),
            lambda each: bool(each.registered_by or each.trained_by),
            _arn,
        ),
        Link.LOGS: _logs(view),
    }


def _arn(each: Any) -> str:
    return str(each.arn)


def _can_be_had_again(each: Environment) -> bool:
    return each.whole and bool(each.images) and not each.gone and not each.loose


def _commits(view: View) -> _Looked:
    """Whether the version's record names a commit. One that does not may have it in a tracker."""
    holds: list[tuple[str, bool]] = []
    gaps: list[Gap] = []
    untold = bool(view.region.all(Tracker)) or not view.sees(Tracker)
    for each in view.once(served_versions).items:
        commit = each.package is not None and each.package.commit is not None
        if not commit and (untold or any(job.mlflow_arn for job in each.jobs)):
            read = "sagemaker:DescribeModelPackage"
            gaps += view.gaps(Tracker)
            gaps.append(Gap.unread(read, view.region.name, "SourceNotOnRecord", each.arn))
        else:
            holds.append((each.arn, commit))
    return _Looked(tuple(holds), tuple(gaps))


def _logs(view: View) -> _Looked:
    """Whether the logs of all jobs that trained a model are kept."""
    versions = view.once(served_versions).items
    if not view.sees(LogGroup, LogStream):
        return _Looked((), view.gaps(LogGroup, LogStream))
    return _Looked(tuple((each.arn, _is_logged(view, each)) for each in versions), ())


def _is_logged(view: View, version: ServedVersion) -> bool:
    return bool(version.jobs) and all(has_logs(view, job) for job in version.jobs)
