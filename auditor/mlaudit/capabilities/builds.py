"""Test suites that the build services of AWS run, without a checkout."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from mlaudit.capabilities.delivery import DELIVERY_KINDS, Delivery, deliveries, deploys
from mlaudit.model import Gap
from mlaudit.resources import (
    BuildProject,
    DeliveryAction,
    DeliveryPipeline,
    DeliveryRun,
    TestReport,
)
from mlaudit.resources.repository import SUITE_WORDS, FactKind
from mlaudit.sight import View

BUILD_KINDS = (BuildProject, TestReport, *DELIVERY_KINDS)

_OF_COMMITS = frozenset({"PollForSourceChanges", "Webhook", "WebhookV2"})


@dataclass(frozen=True, slots=True)
class BuiltSuite:
    """A suite that a build or a delivery pipeline ran with success in the window.

    Attributes:
        arn: The report or the delivery pipeline.
        words: It in words.
        on_commit: Whether commits start it.
    """

    arn: str
    words: str
    on_commit: bool


def build_gaps(view: View) -> tuple[Gap, ...]:
    """What keeps builds from being seen whole."""
    return view.gaps(*BUILD_KINDS)


def built_suites(view: View, kind: FactKind) -> tuple[BuiltSuite, ...]:
    """The suites of a kind: by the names of reports and of actions."""
    return (*_reported(view, kind), *_delivered(view, kind))


def _reported(view: View, kind: FactKind) -> Iterator[BuiltSuite]:
    named = {
        action.project: pipeline.arn
        for pipeline in view.items(DeliveryPipeline)
        for action in pipeline.actions
        if action.project
    }
    mine = {each.name for each in view.items(BuildProject)} | named.keys()
    by_name = view.region.by(BuildProject, "name")
    for report in view.region.all(TestReport):
        if report.project in mine and kind_of(report.name) is kind:
            hooked = any(each.on_commit for each in by_name.get(report.project, ()))
            delivered = _is_started(view, named.get(report.project))
            words = f"{kind} of build project {report.project}, {report.tests} in {report.name}"
            yield BuiltSuite(report.arn, words, hooked or delivered)


def kind_of(name: str) -> FactKind:
    """The kind of suite that a name tells of; unit tests where it tells of none."""
    apart = _CAMEL.sub("-", name)
    told = (kind for kind, words in SUITE_WORDS.items() if _names(words, apart))
    return next(told, FactKind.UNIT_TESTS)


_CAMEL = re.compile(r"(?<=[a-z])(?=[A-Z])")


def _names(words: str, name: str) -> bool:
    return bool(re.search(rf"(?:^|[\W_])(?:{words})(?:$|[\W_])", name, re.IGNORECASE))


def _is_started(view: View, pipeline_arn: str | None) -> bool:
    """Whether a commit started a delivery pipeline in the window."""
    pipeline = view.region.get(DeliveryPipeline, pipeline_arn or "")
    return pipeline is not None and any(runs_of_commits(view, pipeline))


def runs_of_commits(view: View, pipeline: DeliveryPipeline) -> Iterator[DeliveryRun]:
    """The runs of a delivery pipeline in the window that a commit started."""
    for run in view.region.by(DeliveryRun, "pipeline_arn").get(pipeline.arn, ()):
        told = run.trigger == "CloudWatchEvent" and _tells(pipeline)
        if run.trigger in _OF_COMMITS or told:
            yield run


def _tells(pipeline: DeliveryPipeline) -> bool:
    """Whether its source starts it by an event; for any other source that may be a clock."""
    return any(each.provider == "CodeCommit" for each in pipeline.actions)


def _delivered(view: View, kind: FactKind) -> Iterator[BuiltSuite]:
    for delivery in view.once(deliveries).items:
        for action in _tests(delivery) if delivery.runs else ():
            if _tries(delivery, action) is kind:
                words = f"{kind} in {action.words} of {delivery.words}"
                started = _is_started(view, delivery.pipeline.arn)
                yield BuiltSuite(delivery.pipeline.arn, words, started)


def _tests(delivery: Delivery) -> tuple[DeliveryAction, ...]:
    return tuple(each for each in delivery.pipeline.actions if each.category == "test")


def _tries(delivery: Delivery, action: DeliveryAction) -> FactKind | None:
    """What a test action tries: by its name, else the whole where something is deployed before."""
    told = kind_of(action.name)
    if told is not FactKind.UNIT_TESTS:
        return told
    actions = delivery.pipeline.actions
    before = actions[: actions.index(action)]
    return FactKind.INTEGRATION_TESTS if any(deploys(each) for each in before) else None
