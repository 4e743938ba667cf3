"""How the runs of workflows end."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.workflows import Engine, workflows
from mlaudit.evidence import Evidence
from mlaudit.model import Grade, Observation
from mlaudit.resources import Pipeline, PipelineRun, StateMachine, StateMachineRun
from mlaudit.sight import View

_SUCCEEDED = frozenset({"Succeeded", "SUCCEEDED"})
_FAILED = frozenset({"Failed", "FAILED", "TIMED_OUT"})

Run = PipelineRun | StateMachineRun


@dataclass(frozen=True, slots=True)
class FlowRuns:
    """How the runs of one workflow in the window ended; those somebody stopped are left out.

    Attributes:
        arn: The workflow.
        words: It in words.
        succeeded: How many succeeded.
        failed: How many failed.
        newest_failed: Whether the newest of them failed.
        at: When the newest began.
    """

    arn: str
    words: str
    succeeded: int
    failed: int
    newest_failed: bool
    at: datetime

    def observed(self, grade: Grade) -> Observation:
        """An observation about it."""
        ended = f"{self.succeeded} of {self.succeeded + self.failed} runs succeeded"
        last = ", the newest failed" if self.newest_failed else ""
        return Observation(self.arn, grade, f"{self.words}: {ended}{last}", self.at)


@provider
def flow_runs(view: View) -> Evidence[FlowRuns]:
    """Pipelines and state machines that ran to an end in the window, where their runs were seen."""
    hidden = {
        gap.subject for kind in (PipelineRun, StateMachineRun) for gap in view.region.gaps(kind)
    }
    pipelines = view.region.by(PipelineRun, "pipeline_arn")
    machines = view.region.by(StateMachineRun, "machine_arn")
    found = [
        _ended(view, each.arn, f"{Engine.PIPELINES} {each.name}", pipelines.get(each.arn, ()))
        for each in view.items(Pipeline)
    ]
    found += [
        _ended(view, each.arn, f"{Engine.STEP_FUNCTIONS} {each.name}", machines.get(each.arn, ()))
        for each in view.items(StateMachine)
    ]
    items = tuple(each for each in found if each and not {None, each.arn} & hidden)
    return Evidence(items, view.once(workflows).gaps)


def _ended(view: View, arn: str, words: str, runs: Iterable[Run]) -> FlowRuns | None:
    ended = sorted(
        (run.started_at, run.status in _FAILED)
        for run in runs
        if view.window.covers(run.started_at) and run.status in _SUCCEEDED | _FAILED
    )
    if not ended:
        return None
    failed = sum(each for _, each in ended)
    newest, newest_failed = ended[-1]
    return FlowRuns(arn, words, len(ended) - failed, failed, newest_failed, newest)
