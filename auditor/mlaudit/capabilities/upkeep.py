"""What keeps an account in order: owners, removal of what is left behind, traces of what runs."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.evidence import Evidence
from mlaudit.model import Grade, Observation
from mlaudit.resources import (
    Endpoint,
    EndpointConfig,
    Function,
    InferenceComponent,
    LogGroup,
    Model,
    ModelPackageGroup,
    Pipeline,
    ProcessingJob,
    ShadowTest,
    StateMachine,
    TrainingJob,
    TransformJob,
    UnusedEndpointConfig,
)
from mlaudit.sight import View

_OWNER = re.compile(r"owner|team|squad|contact|maintainer|responsible", re.IGNORECASE)
_PAYER = re.compile(
    r"cost|billing|budget|charge|project|business.?unit|department|application", re.IGNORECASE
)


@dataclass(frozen=True, slots=True)
class Tagged:
    """Something that costs money, or makes what does, with what its tags tell.

    Attributes:
        arn: It.
        words: It in words.
        owned: Whether a tag names who answers for it.
        charged: Whether a tag names who pays for it.
    """

    arn: str
    words: str
    owned: bool
    charged: bool


@provider
def tagged(view: View) -> Evidence[Tagged]:
    """Endpoints that serve, pipelines and groups, and the newest job of each kind."""
    return Evidence(tuple(_tagged(view)), view.gaps(Endpoint, Pipeline, ModelPackageGroup, *_JOBS))


_Job = TrainingJob | ProcessingJob | TransformJob
_JOBS: tuple[type[_Job], ...] = (TrainingJob, ProcessingJob, TransformJob)
_Standing = Endpoint | Pipeline | ModelPackageGroup
_STANDING: tuple[tuple[type[_Standing], str], ...] = (
    (Endpoint, "endpoint"),
    (Pipeline, "pipeline"),
    (ModelPackageGroup, "model package group"),
)


def _tagged(view: View) -> Iterator[Tagged]:
    """What a tag could be out of sight of is left out."""
    for kind, words in _STANDING:
        for each in view.items(kind) if view.sees(kind) else ():
            if not isinstance(each, Endpoint) or each.serving:
                yield _told(each.arn, f"{words} {each.name}", each.tags)
    for made in _JOBS:
        jobs = [each for each in view.items(made) if not _is_trial(each)] if view.sees(made) else ()
        newest = max(jobs, key=lambda job: (job.created_at, job.arn), default=None)
        if newest and view.window.covers(newest.created_at):
            word = made.__name__.removesuffix("Job").lower()
            yield _told(newest.arn, f"{word} job {newest.name}", newest.tags)


def _is_trial(job: _Job) -> bool:
    """Whether a search made the job, and with it its tags."""
    return isinstance(job, TrainingJob) and bool(job.tuning_job_arn or job.auto_ml_job_arn)


def _told(arn: str, words: str, tags: Mapping[str, str]) -> Tagged:
    keys = [key for key, value in tags.items() if value]
    return Tagged(
        arn=arn,
        words=words,
        owned=any(_OWNER.search(key) for key in keys),
        charged=any(_PAYER.search(key) for key in keys),
    )


@dataclass(frozen=True, slots=True)
class Leftovers:
    """What of one kind was made before the window and nothing uses.

    Attributes:
        arn: The oldest of them.
        words: Their kind, in words.
        count: How many there are.
        oldest: When the oldest was made.
    """

    arn: str
    words: str
    count: int
    oldest: datetime

    def observed(self, grade: Grade) -> Observation:
        """An observation about them."""
        fact = f"{self.count} {self.words} older than the window that nothing uses"
        return Observation(self.arn, grade, fact, self.oldest)


@provider
def leftovers(view: View) -> Evidence[Leftovers]:
    """Configurations and models that nothing uses; none where a use may be out of sight."""
    gaps = view.gaps(*_USES)
    if not view.sees(*_USES):
        return Evidence((), gaps)
    used = set(_used_models(view))
    models = [each for each in view.items(Model) if each.name not in used]
    configs = view.items(UnusedEndpointConfig)
    found = (
        _left(view, "models", {each.arn: each.created_at for each in models}),
        _left(view, "endpoint configurations", {each.arn: each.created_at for each in configs}),
    )
    return Evidence(tuple(each for each in found if each), gaps)


_USES = (
    EndpointConfig,
    InferenceComponent,
    Model,
    ShadowTest,
    TransformJob,
    UnusedEndpointConfig,
)


def _used_models(view: View) -> Iterator[str | None]:
    for config in view.items(EndpointConfig):
        yield from (each.model_name for each in (*config.variants, *config.shadow_variants))
    yield from (each.model_name for each in view.items(InferenceComponent))
    yield from (each.model_name for each in view.items(TransformJob))
    for test in view.items(ShadowTest):
        yield from test.model_names


def _left(view: View, words: str, made: Mapping[str, datetime]) -> Leftovers | None:
    old = sorted((at, arn) for arn, at in made.items() if not view.window.covers(at))
    return Leftovers(old[0][1], words, len(old), old[0][0]) if old else None


@dataclass(frozen=True, slots=True)
class TracedPart:
    """A function, state machine or log group of a workload, with what it does not keep.

    Attributes:
        arn: It.
        words: It in words.
        lacks: What of logs, a retention and traces it lacks.
    """

    arn: str
    words: str
    lacks: tuple[str, ...]


@provider
def traced_parts(view: View) -> Evidence[TracedPart]:
    """The functions, state machines and log groups of a workload."""
    items = [
        TracedPart(each.arn, f"function {each.name}", () if each.traced else ("traces",))
        for each in view.items(Function)
    ]
    for machine in view.items(StateMachine):
        lacks = {"logs": machine.log_level == "OFF", "traces": not machine.tracing}
        found = tuple(what for what, lack in lacks.items() if lack)
        items.append(TracedPart(machine.arn, f"state machine {machine.name}", found))
    items += [
        TracedPart(
            each.arn,
            f"log group {each.name}",
            () if each.retention_days else ("a retention",),
        )
        for each in view.items(LogGroup)
    ]
    return Evidence(tuple(items), view.gaps(Function, StateMachine, LogGroup))
