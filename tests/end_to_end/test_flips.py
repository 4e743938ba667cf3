"""Change one fact in a seeded account: the items that ask for it change, and only where it is."""

from collections.abc import Callable
from contextlib import AbstractContextManager
from copy import deepcopy
from dataclasses import dataclass, field, replace
from typing import Any

import pytest

from mlaudit.audit import Audit
from mlaudit.emulator import Scenario, load_scenario
from mlaudit.model import Status

PARTS = {
    "fraud-detection": ("shared", "fraud_detection"),
    "clickstream-ranking": ("shared", "clickstream"),
}
GRAPH_HOST = "${fraud_graph_job}/${host}"


@dataclass(frozen=True)
class Flip:
    """One fact of a scenario, changed.

    Attributes:
        item: The item that must change.
        before: Its status with the scenario as it is.
        after: Its status with the changed fact.
        call: The scenario's call that makes the fact.
        change: Changes the call's parameters, repetitions, outcome or values in place.
        workload: Where.
        also: Other items that the same fact must change, with both statuses.
    """

    item: str
    before: Status
    after: Status
    call: str
    change: Callable[[dict[str, Any]], bool]
    workload: str = "fraud-detection"
    also: dict[str, tuple[Status, Status]] = field(default_factory=dict)


def set_in(path: str, old: Any, new: Any) -> Callable[[dict[str, Any]], bool]:
    """Replace one value, where the call has the old one."""

    def change(call: dict[str, Any]) -> bool:
        *parents, last = path.split(".")
        place: Any = call
        for key in parents:
            place = place[int(key)] if isinstance(place, list) else place.get(key, {})
        found = place.get(last) == old
        if found:
            place[last] = new
        return bool(found)

    return change


def idle_second_host(call: dict[str, Any]) -> bool:
    hosts = [each for each in call["each"] if isinstance(each, dict) and "gpu" in each]
    for each in hosts:
        if each["host"] == "algo-2":
            each["gpu"] = 20.0
    return bool(hosts)


def without_a_retention(call: dict[str, Any]) -> bool:
    name = "/aws/sagemaker/Endpoints/fraud-detection"
    return name in call["each"] and not call["each"].remove(name)


def alarm_on_processors(metric: str) -> Callable[[dict[str, Any]], bool]:
    """Let the alarm of one endpoint on a metric watch its processors."""

    def change(call: dict[str, Any]) -> bool:
        alarms = [
            each
            for each in call["each"]
            if isinstance(each, dict)
            and (each.get("endpoint"), each.get("metric")) == ("fraud-detection-graph", metric)
        ]
        for each in alarms:
            each["metric"] = "CPUUtilization"
        return bool(alarms)

    return change


def latency_alarms_without_actions(call: dict[str, Any]) -> bool:
    params = call["params"]
    return "ExtendedStatistic" in params and bool(params.pop("AlarmActions", None))


def baseline_without(resource: str) -> Callable[[dict[str, Any]], bool]:
    """Take one file from the baseline of a definition."""

    def change(call: dict[str, Any]) -> bool:
        baseline = call["params"].get("DataQualityBaselineConfig", {})
        return bool(baseline.pop(resource, None))

    return change


DEFINITION, ALARM = "sagemaker.CreateDataQualityJobDefinition", "cloudwatch.PutMetricAlarm"

FLIPS = [
    Flip("4.1", Status.PASS, Status.PARTIAL, "cloudwatch.PutMetricData", idle_second_host),
    Flip(
        "4.2",
        Status.PASS,
        Status.PARTIAL,
        "sagemaker.CreateModel",
        set_in("params.PrimaryContainer.Image", "${pytorch_inference}", "${xgboost}"),
    ),
    Flip(
        "4.3",
        Status.PASS,
        Status.PARTIAL,
        "values",
        set_in(
            "fraud_pipeline.Steps.2.Arguments.HyperParameterTuningJobConfig.Strategy",
            "Bayesian",
            "Hyperband",
        ),
    ),
    Flip(
        "4.4",
        Status.PASS,
        Status.FAIL,
        "sagemaker.CreateAutoMLJobV2",
        set_in("becomes", {}, {"AutoMLJobStatus": "Failed"}),
    ),
    Flip(
        "4.5",
        Status.PASS,
        Status.PARTIAL,
        "cloudwatch.PutMetricData",
        set_in("params.MetricData.0.Value", 1843200, 0),
        also=dict.fromkeys(
            ("4.9", "6.errors", "6.latency", "6.traffic"), (Status.PASS, Status.PARTIAL)
        ),
    ),
    Flip(
        "4.6",
        Status.FAIL,
        Status.PARTIAL,
        "lambda.CreateEventSourceMapping",
        set_in("params.Enabled", True, False),
        "clickstream-ranking",
    ),
    Flip(
        "4.7",
        Status.PASS,
        Status.PARTIAL,
        "scheduler.CreateSchedule",
        set_in("params.State", "ENABLED", "DISABLED"),
        also={"8.2": (Status.PASS, Status.PARTIAL)},
    ),
    Flip(
        "4.8",
        Status.PASS,
        Status.NOT_ASSESSED,
        "sagemaker.CreateModel",
        set_in("params.Containers.0.Image", "${fraud_features_image}", "${sklearn}"),
    ),
    Flip(
        "4.9",
        Status.PASS,
        Status.PARTIAL,
        "sagemaker.CreateEndpointConfig",
        set_in("params.ProductionVariants.0.ManagedInstanceScaling.MinInstanceCount", 2, 1),
    ),
    Flip(
        "4.10",
        Status.PASS,
        Status.PARTIAL,
        "sagemaker.CreateInferenceRecommendationsJob",
        set_in("becomes", {}, {"Status": "FAILED"}),
    ),
    Flip("4.11", Status.PASS, Status.PARTIAL, "logs.PutRetentionPolicy", without_a_retention),
    Flip("6.1", Status.PASS, Status.PARTIAL, DEFINITION, baseline_without("ConstraintsResource")),
    Flip("6.2", Status.PASS, Status.PARTIAL, DEFINITION, baseline_without("StatisticsResource")),
    Flip(
        "6.errors",
        Status.PASS,
        Status.PARTIAL,
        ALARM,
        alarm_on_processors("Invocation5XXErrors"),
        also={"6.saturation": (Status.FAIL, Status.PARTIAL)},
    ),
    Flip(
        "6.latency",
        Status.PASS,
        Status.PARTIAL,
        ALARM,
        set_in("params.ExtendedStatistic", "p99", "p50"),
    ),
    Flip(
        "6.traffic",
        Status.PASS,
        Status.PARTIAL,
        ALARM,
        alarm_on_processors("Invocations"),
        also={"6.saturation": (Status.FAIL, Status.PARTIAL)},
    ),
    Flip("6.notification", Status.PASS, Status.PARTIAL, ALARM, latency_alarms_without_actions),
]


def part_of(scenario: Scenario, workload: str) -> Scenario:
    """Only the calls that make one workload, and what all share."""
    calls = (each for each in scenario.calls if each.file.startswith(PARTS[workload]))
    return replace(scenario, calls=tuple(calls), denied=())


def flipped(scenario: Scenario, flip: Flip) -> Scenario:
    """The scenario with one fact changed; refuses a flip that changes nothing, or two facts."""
    values = deepcopy(scenario.values)
    if flip.call == "values":
        assert flip.change(values), "the flip changed nothing"
        return replace(scenario, values=values)
    calls, changed = [], 0
    for each in scenario.calls:
        fields: dict[str, Any] = {
            "params": deepcopy(each.params),
            "becomes": deepcopy(each.becomes),
            "each": deepcopy(list(each.each)) if isinstance(each.each, tuple) else each.each,
        }
        if each.call == flip.call and flip.change(fields):
            changed += 1
            if isinstance(fields["each"], list):
                fields["each"] = tuple(fields["each"])
            calls.append(replace(each, **fields))
        else:
            calls.append(each)
    assert changed == 1, f"the flip changed {changed} calls"
    return replace(scenario, calls=tuple(calls))


def statuses(audit: Audit) -> dict[tuple[str, str], Status]:
    return {(each.name, item.id): item.status for each in audit.workloads for item in each.items}


@pytest.fixture(scope="module")
def as_it_is(
    running: Callable[[Scenario], AbstractContextManager[Any]],
) -> dict[str, dict[tuple[str, str], Status]]:
    found = {}
    for workload in PARTS:
        with running(part_of(load_scenario("demo"), workload)) as account:
            found[workload] = statuses(account.scan())
    return found


def test_every_item_of_the_section_is_flipped() -> None:
    flipped_items = [flip.item for flip in FLIPS if flip.item.startswith("4.")]
    assert flipped_items == [f"4.{number}" for number in range(1, 12)]


@pytest.mark.slow
@pytest.mark.parametrize("flip", FLIPS, ids=lambda flip: flip.item)
def test_one_fact_changes_one_item(
    flip: Flip,
    as_it_is: dict[str, dict[tuple[str, str], Status]],
    running: Callable[[Scenario], AbstractContextManager[Any]],
) -> None:
    before = as_it_is[flip.workload]
    with running(flipped(part_of(load_scenario("demo"), flip.workload), flip)) as account:
        after = statuses(account.scan())
    changed = {key: (before.get(key), after.get(key)) for key in before.keys() | after.keys()}
    assert {key: pair for key, pair in changed.items() if pair[0] is not pair[1]} == {
        (flip.workload, item): pair
        for item, pair in {flip.item: (flip.before, flip.after), **flip.also}.items()
    }
