"""Keep what a workload logs, and not for ever: the retention of its log groups."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from mlaudit.capabilities.logging import BATCH_GROUP
from mlaudit.capabilities.serving import running_components
from mlaudit.remediate.change import Change
from mlaudit.remediate.fix import Sight
from mlaudit.remediate.fixes.naming import MANAGED_BY, MANAGED_BY_TAG, tags_for
from mlaudit.resources import (
    BatchJob,
    Endpoint,
    Function,
    LogGroup,
    ProcessingJob,
    StateMachine,
    TrainingJob,
    TransformJob,
)
from mlaudit.sight import Region, View

LEGAL_DAYS = (
    1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922,
    3288, 3653,
)  # fmt: skip
"""What CloudWatch Logs takes as a retention (``PutRetentionPolicy``)."""

_Job = TrainingJob | ProcessingJob | TransformJob | BatchJob
_TRAINING = "/aws/sagemaker/TrainingJobs"


@dataclass(frozen=True, slots=True)
class _Group:
    """A log group that a member of the workload writes to.

    Attributes:
        name: Its name.
        writer: The ARN of the member.
        shared: Whether all jobs of the account write to it.
        sure: Whether this is where the member logs, so that it can be made before it is there.
    """

    name: str
    writer: str
    shared: bool = False
    sure: bool = True


def log_retention(sight: Sight) -> Iterator[Change]:
    """Set a retention on each group that has none, and make those that are not there yet."""
    view = sight.view
    if not view.sees(LogGroup):
        return  # one that is not in sight may be there, and have a retention
    known = view.region.by(LogGroup, "name")
    for each in _groups(view):
        found = known.get(each.name, ())
        if found and found[0].retention_days is None:
            yield _change(sight, each, {})
        elif not found and each.sure:
            yield _change(sight, each, {"tags": _tags(sight, each)})


def _change(sight: Sight, group: _Group, more: dict[str, dict[str, str]]) -> Change:
    days = _days(sight, group.name)
    whose = ", where the jobs of all workloads log," if group.shared else ""
    how = f"make log group {group.name}{whose} and" if more else f"in log group {group.name}{whose}"
    return Change(
        kind="logs.group",
        key={"logGroupName": group.name},
        region=sight.view.region.name,
        scope=group.writer,
        about=f"{how} keep events for {days} days",
        patch={"retentionInDays": days, **more},
    )


def _tags(sight: Sight, group: _Group) -> dict[str, str]:
    """What all workloads share belongs to none of them."""
    return {MANAGED_BY_TAG: MANAGED_BY} if group.shared else tags_for(sight)


def _days(sight: Sight, group: str) -> int:
    """As long as it was chosen; the training of what serves now is kept for as long from now on.

    Events that are older than the retention are gone for good.
    """
    wanted = sight.choices.log_days
    if group == _TRAINING:
        wanted += sight.view.region.once(_days_since_training)
    return next((each for each in LEGAL_DAYS if each >= wanted), LEGAL_DAYS[-1])


def _days_since_training(region: Region) -> int:
    """How long ago the oldest training ended of which something serves in the region."""
    ended = [
        job.ended_at
        for endpoint in region.all(Endpoint)
        if endpoint.serving
        for job in region.lineage.upstream(endpoint.arn, TrainingJob)
        if job.ended_at
    ]
    return max(((region.window.end - each).days for each in ended), default=0)


def _groups(view: View) -> list[_Group]:
    """The groups of a workload, each once."""
    found = (*_of_jobs(view), *_of_servers(view), *_of_plumbing(view))
    return list({each.name: each for each in reversed(found)}.values())[::-1]


def _of_jobs(view: View) -> Iterator[_Group]:
    some: tuple[
        tuple[str, Iterable[TrainingJob | ProcessingJob | TransformJob | BatchJob]], ...
    ] = (
        (_TRAINING, view.items(TrainingJob)),
        ("/aws/sagemaker/ProcessingJobs", view.items(ProcessingJob)),
        ("/aws/sagemaker/TransformJobs", view.items(TransformJob)),
        (BATCH_GROUP, (job for job in view.items(BatchJob) if job.log_stream)),
    )
    for name, jobs in some:
        ran = [(job.ended_at, job.arn) for job in jobs if view.window.covers(job.ended_at)]
        if ran:
            yield _Group(name, max(ran)[1], shared=True)


def _of_servers(view: View) -> Iterator[_Group]:
    for endpoint in view.items(Endpoint):
        if endpoint.serving:
            yield _Group(f"/aws/sagemaker/Endpoints/{endpoint.name}", endpoint.arn)
            for each in running_components(view, endpoint):
                yield _Group(f"/aws/sagemaker/InferenceComponents/{each.name}", endpoint.arn)


def _of_plumbing(view: View) -> Iterator[_Group]:
    """What passes requests and runs jobs; where it logs may be set otherwise than it is usual."""
    for function in view.items(Function):
        yield _Group(f"/aws/lambda/{function.name}", function.arn, sure=False)
    for machine in view.items(StateMachine):
        for arn in machine.log_group_arns:
            name = arn.removesuffix(":*").partition(":log-group:")[2]
            yield _Group(name, machine.arn, sure=False)
