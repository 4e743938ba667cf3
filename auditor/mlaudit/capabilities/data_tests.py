"""Tests of data that ran, and what monitoring has of their constraints."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.data import inside
from mlaudit.capabilities.detectors import data_quality_controls
from mlaudit.capabilities.registry import ServedVersion, served_versions
from mlaudit.capabilities.validation import (
    LEARNS,
    OWN_CODE,
    QUALITY_CHECK,
    data_checks,
    gaps_on_rules,
    out_of_order,
    prepares,
    rules_on_data,
    runs_of,
    tables_read,
)
from mlaudit.capabilities.workflows import Workflow, workflows
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import DataQualityResult, ProcessingJob, RunStep, Step
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class DataTest:
    """Something that tests data of a workload.

    Attributes:
        arn: What runs it.
        words: It in words.
        lacks: What keeps it from counting, in words; empty where it ran with success.
        ran_at: When it last ran with success in the window.
    """

    arn: str
    words: str
    lacks: str
    ran_at: datetime | None


@provider
def data_tests(view: View) -> Evidence[DataTest]:
    """Checks in workflows, and rules of the Glue catalogue for the data that jobs read.

    What code of one's own does inside a workflow cannot be seen: a gap.
    """
    seen = view.once(workflows)
    items = [_of_step(view, flow, step) for flow in seen.items for step in data_checks(view, flow)]
    items += _of_rules(view)
    code = tuple(
        Gap.unread("sagemaker:DescribePipeline", view.region.name, "CodeNotRead", flow.arn)
        for flow in seen.items
        if _runs_own_code(view, flow)
    )
    gaps = (*seen.gaps, *view.gaps(RunStep, DataQualityResult), *gaps_on_rules(view), *code)
    if not seen.items:
        gaps += tuple(out_of_order(view))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _runs_own_code(view: View, flow: Workflow) -> bool:
    checks = data_checks(view, flow)
    others = [step for step in flow.steps if step not in checks]
    return any(step.kind in OWN_CODE - LEARNS or prepares(flow, step) for step in others)


def _of_step(view: View, flow: Workflow, step: Step) -> DataTest:
    words = f"{flow.engine} {flow.name} tests data in {step.name}"
    if step.kind != QUALITY_CHECK:
        lacks = "" if flow.succeeded_at else _NO_SUCCESS
        return DataTest(flow.arn, words, lacks, flow.succeeded_at)
    succeeded = [
        (each.ended_at, each.baseline)
        for each in runs_of(view, flow, step)
        if each.status == "Succeeded" and each.ended_at and view.window.covers(each.ended_at)
    ]
    compared = [ended for ended, baseline in succeeded if baseline]
    if compared:
        return DataTest(flow.arn, words, "", max(compared))
    lacks = "it has no constraints to compare with" if succeeded else _NO_SUCCESS
    return DataTest(flow.arn, words, lacks, None)


_NO_SUCCESS = "it has no success in the window"


def _of_rules(view: View) -> Iterator[DataTest]:
    results = view.region.by(DataQualityResult, "table_arn")
    judged = set()
    for table in tables_read(view):
        for each in results.get(table.arn, ()):
            judged.add(table.arn)
            words = f"Glue rules test table {table.database}.{table.name}"
            lacks = _lacks(each)
            yield DataTest(each.arn, words, lacks, None if lacks else each.ended_at)
    for ruleset in rules_on_data(view):
        if ruleset.table_arn not in judged:
            words = f"Glue ruleset {ruleset.name} is there"
            yield DataTest(ruleset.arn, words, "it has no result in the window", None)


def _lacks(result: DataQualityResult) -> str:
    if result.failed:
        return f"{result.failed} of {result.passed + result.failed} rules failed"
    if not result.passed:
        return "it tried no rule"
    return "they look at the schema alone" if result.schema_only else ""


@dataclass(frozen=True, slots=True)
class ReusedConstraints:
    """What monitoring has of the constraints on a served model's data.

    Attributes:
        arn: The model.
        words: The model and where it serves.
        registered: Whether they are registered with its version, for monitoring.
        read_by: The newest job of the window that read them.
        at: When it ended.
    """

    arn: str
    words: str
    registered: bool
    read_by: str | None
    at: datetime | None


@provider
def reused_constraints(view: View) -> Evidence[ReusedConstraints]:
    """Every model that serves. A detector whose constraints are not told may reuse them: a gap."""
    seen = view.once(served_versions)
    controls = view.once(data_quality_controls)
    watched = [each.endpoint.arn for each in controls.items if each.endpoint.detectors]
    unknown = tuple(
        Gap.unread("sagemaker:DescribeEndpoint", view.region.name, "ConstraintsNotTold", arn)
        for arn in watched
    )
    hiding = (*view.gaps(ProcessingJob), *controls.gaps, *unknown)
    found = [_reused(view, each) for each in seen.items]
    items = tuple(each for each in found if each.read_by or not hiding)
    gaps = seen.gaps if len(items) == len(found) else (*seen.gaps, *hiding)
    return Evidence(items, tuple(dict.fromkeys(gaps)))


def _reused(view: View, version: ServedVersion) -> ReusedConstraints:
    baselines = version.package.baselines if version.package else {}
    constraints = baselines.get("ModelDataQuality")
    readers = [
        (job.ended_at, job.name)
        for job in view.region.all(ProcessingJob)
        if job.status == "Completed" and job.ended_at and view.window.covers(job.ended_at)
        if constraints and any(inside(constraints, uri) for uri in job.inputs)
    ]
    at, name = max(readers, default=(None, None))
    return ReusedConstraints(version.arn, version.words, bool(constraints), name, at)
