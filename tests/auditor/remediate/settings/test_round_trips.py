"""Every kind of setting is made, altered, put back and deleted in an emulated account.

After each of these, reading tells exactly what was to be written.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import pytest

from mlaudit.remediate.change import Ask, Call, Document, Key, RefusedError, State
from mlaudit.remediate.setting import Setting
from mlaudit.remediate.settings import SETTINGS

ACCOUNT = "123456789012"
OWNED = [{"Key": "owner", "Value": "mlaudit"}, {"Key": "team", "Value": "ml"}]
MOVED = [{"Key": "owner", "Value": "risk"}]

Client = Callable[[str], Any]


@dataclass(frozen=True)
class Case:
    """One setting in two states, neither of which is ``None``."""

    kind: str
    key: Key
    one: Document
    other: Document

    @property
    def setting(self) -> Setting:
        return SETTINGS[self.kind]


def _metric(name: str) -> dict[str, Any]:
    return {
        "Id": name.lower(),
        "MetricStat": {
            "Metric": {
                "Namespace": "AWS/SageMaker",
                "MetricName": name,
                "Dimensions": [{"Name": "EndpointName", "Value": "scoring"}],
            },
            "Period": 60,
            "Stat": "Sum",
        },
        "ReturnData": False,
    }


LATENCY: Mapping[str, Any] = {
    "AlarmDescription": "Answers are slow.",
    "Namespace": "AWS/SageMaker",
    "MetricName": "ModelLatency",
    "Dimensions": [{"Name": "EndpointName", "Value": "scoring"}],
    "ExtendedStatistic": "p95",
    "Period": 60,
    "EvaluationPeriods": 5,
    "DatapointsToAlarm": 3,
    "Threshold": 1000000.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "TreatMissingData": "notBreaching",
    "ActionsEnabled": True,
    "AlarmActions": [f"arn:aws:sns:us-east-1:{ACCOUNT}:alerts"],
    "Tags": OWNED,
}
RATE: Mapping[str, Any] = {
    "Metrics": [
        _metric("Invocation5XXErrors"),
        _metric("Invocations"),
        {
            "Id": "rate",
            "Expression": "100 * invocation5xxerrors / invocations",
            "Label": "errors in percent",
            "ReturnData": True,
        },
    ],
    "EvaluationPeriods": 1,
    "Threshold": 5.0,
    "ComparisonOperator": "GreaterThanThreshold",
    "ActionsEnabled": False,
}

CASES = [
    Case(
        "logs.group",
        {"logGroupName": "/aws/sagemaker/Endpoints/scoring"},
        {"retentionInDays": 30, "tags": {"owner": "mlaudit", "team": "ml"}},
        {"retentionInDays": 180, "tags": {"owner": "risk"}},
    ),
    Case(
        "logs.group",
        {"logGroupName": "/aws/sagemaker/Endpoints"},
        {},
        {"retentionInDays": 180},
    ),
    Case("cloudwatch.alarm", {"AlarmName": "slow"}, LATENCY, {**LATENCY, "Threshold": 2e6}),
    Case("cloudwatch.alarm", {"AlarmName": "retagged"}, LATENCY, {**LATENCY, "Tags": MOVED}),
    Case("cloudwatch.alarm", {"AlarmName": "errors"}, RATE, LATENCY),
    Case(
        "cloudwatch.dashboard",
        {"DashboardName": "scoring"},
        {"DashboardBody": json.dumps({"widgets": []})},
        {"DashboardBody": json.dumps({"widgets": [{"type": "text", "x": 0}]})},
    ),
]
NAMES = [f"{case.kind}-{index}" for index, case in enumerate(CASES)]


def _make(ask: Ask, calls: Any) -> None:
    for each in calls:
        ask(each.service, each.operation, each.params)


def _write(case: Case, ask: Ask, wanted: State) -> None:
    """Bring it to a state, and see that it is there, and that there is nothing left to do."""
    setting = case.setting
    _make(ask, setting.calls(case.key, setting.read(case.key, ask), wanted))
    there = setting.read(case.key, ask)
    assert setting.are_equal(there, wanted), (there, wanted)
    assert not list(setting.calls(case.key, there, setting.read(case.key, ask)))
    json.dumps(there, allow_nan=False)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_it_is_what_was_written(case: Case, ask: Ask) -> None:
    assert case.setting.read(case.key, ask) is None
    for state in (case.one, case.one, case.other, case.one, None):
        _write(case, ask, state)


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_writing_again_from_the_start_ends_the_same(case: Case, ask: Ask) -> None:
    setting = case.setting
    for state in (case.one, case.other):
        before = setting.read(case.key, ask)
        calls = list(setting.calls(case.key, before, state))
        _make(ask, calls[:-1])
        for each in calls:
            _make_again(ask, each)
        assert setting.are_equal(setting.read(case.key, ask), state)
    _write(case, ask, None)


def _make_again(ask: Ask, call: Call) -> None:
    try:
        ask(call.service, call.operation, call.params)
    except RefusedError as refused:
        if refused.code not in call.already:
            raise


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_the_same_state_takes_no_call(case: Case) -> None:
    for state in (None, case.one, case.other):
        assert not list(case.setting.calls(case.key, state, state))


@pytest.mark.parametrize("case", CASES, ids=NAMES)
def test_all_calls_are_declared(case: Case, ask: Ask) -> None:
    setting = case.setting
    read, write = ({each.id for each in some} for some in (setting.reads, setting.writes))

    def watched(service: str, operation: str, params: Document) -> Document:
        assert f"{service}:{operation}" in read
        return ask(service, operation, params)

    for state in (case.one, case.other, None):
        before = setting.read(case.key, watched)
        calls = list(setting.calls(case.key, before, state))
        assert {each.id for each in calls} <= write
        _make(ask, calls)
    assert not setting.holds_data(case.key, watched)
    assert setting.is_settled(case.key, watched)
