"""What can go wrong with a real account: denials, throttling, death, two at once. Over HTTP."""

import json
import signal
import subprocess
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from functools import cache
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from mlaudit.collect.operation import Operation
from mlaudit.collect.session import Access
from mlaudit.emulator import EmulatedAccount, emulated_account, load_scenario, wire
from mlaudit.emulator.access import AUDITOR_KEY, SEEDER_KEY
from mlaudit.emulator.gateway import Gateway
from mlaudit.remediate.apply import Applied, applied
from mlaudit.remediate.change import Change, Pinned, State
from mlaudit.remediate.entries import Did, Ended, Failed
from mlaudit.remediate.goal import Goal
from mlaudit.remediate.hands import open_hands, operations_of, operations_to_undo
from mlaudit.remediate.journal import Journal, begin, reopen
from mlaudit.remediate.locks import LOCKING, PARAMETER, Holder, LockedError, held
from mlaudit.remediate.pinning import Eyes, operations_to_pin, pinned_steps
from mlaudit.remediate.plan import SCHEMA_VERSION, Plan, Step
from mlaudit.remediate.plan_file import write_plan
from mlaudit.remediate.settings import SETTINGS
from mlaudit.remediate.undo import TakenBack, taken_back
from mlaudit.remediate.workplace import Workplace

from .worlds import Time, step

HERE = "us-east-1"
SCOPE = "arn:aws:sagemaker:us-east-1:123456789012:endpoint/fraud"
AT = datetime(2026, 11, 21, 21, 9, tzinfo=UTC)
ALARM = {
    "ComparisonOperator": "GreaterThanThreshold",
    "EvaluationPeriods": 3,
    "MetricName": "ModelLatency",
    "Namespace": "AWS/SageMaker",
    "Period": 60,
    "Statistic": "Average",
    "Threshold": 1000.0,
}
BODY = {"DashboardBody": json.dumps({"widgets": []})}


def change(kind: str, name: str, patch: State) -> Change:
    ((member),) = {
        "logs.group": ("logGroupName",),
        "cloudwatch.alarm": ("AlarmName",),
        "cloudwatch.dashboard": ("DashboardName",),
    }[kind]
    return Change(kind, {member: name}, HERE, SCOPE, f"change {name}", patch)


CHANGES = (
    (
        change("logs.group", "/old", {"retentionInDays": 180, "tags": {"b": "2", "c": None}}),
        change("logs.group", "/new", {"retentionInDays": 180, "tags": {"a": "1"}}),
    ),
    (
        change("cloudwatch.alarm", "slow", ALARM),
        change("cloudwatch.alarm", "gone", None),
        change("cloudwatch.dashboard", "all", BODY),
    ),
)
FIRST_OF_SECOND_STEP = "change slow"


@cache
def _session() -> Any:
    """A session that has read the models of services once."""
    return boto3.Session()


@dataclass
class Team:
    """A team with an account: what it does there by itself, and what it remediates."""

    account: EmulatedAccount
    state: Path

    def client(self, service: str) -> Any:
        return _session().client(
            service,
            region_name=HERE,
            endpoint_url=self.account.endpoint_url,
            aws_access_key_id=SEEDER_KEY,
            aws_secret_access_key=self.account.secret_key,
            config=Config(retries={"total_max_attempts": 1}),
        )

    def has_worked(self) -> None:
        logs, watch = self.client("logs"), self.client("cloudwatch")
        logs.create_log_group(logGroupName="/old", tags={"b": "1", "c": "1"})
        logs.put_retention_policy(logGroupName="/old", retentionInDays=30)
        watch.put_metric_alarm(AlarmName="gone", **{**ALARM, "Threshold": 1.0})

    def inventory(self) -> dict[str, Any]:
        """All that is there of what is changed, and the lock, in the words of AWS."""
        logs, watch = self.client("logs"), self.client("cloudwatch")
        groups = logs.describe_log_groups()["logGroups"]
        alarms = watch.describe_alarms()["MetricAlarms"]
        return {
            "groups": [
                (
                    each["logGroupName"],
                    each.get("retentionInDays"),
                    logs.list_tags_for_resource(resourceArn=each["logGroupArn"])["tags"],
                )
                for each in groups
            ],
            "alarms": [{name: each.get(name) for name in ("AlarmName", *ALARM)} for each in alarms],
            "dashboards": watch.list_dashboards()["DashboardEntries"],
            "locks": self.client("ssm").describe_parameters()["Parameters"],
        }

    def workplace(
        self, journal: Journal, steps: Iterable[Step], key: str = AUDITOR_KEY
    ) -> Workplace:
        pins = [pin for each in steps for pin in each.pinned]
        declared = operations_of(pins, SETTINGS) + LOCKING
        hands = open_hands(self.access(key), declared)
        time = Time()
        place = Workplace(SETTINGS, hands.ask, hands.caller, journal, lambda _: None)
        quick = replace(place.patience, clock=lambda: time.now, sleep=time.sleep)
        return replace(place, patience=quick)

    def access(self, key: str = AUDITOR_KEY) -> Access:
        keys = (key, self.account.secret_key)
        return Access(self.account.account, endpoint_url=self.account.endpoint_url, keys=keys)

    def plans(self) -> tuple[Step, ...]:
        changes = [each for some in CHANGES for each in some]
        hands = open_hands(self.access(), operations_to_pin(changes, SETTINGS))
        steps = [
            replace(step(id_=f"{number:02}"), changes=some)
            for number, some in enumerate(CHANGES, start=1)
        ]
        return pinned_steps(steps, Eyes(SETTINGS, hands.ask, self.account.account))

    def applies(self, steps: tuple[Step, ...], run: str | None, key: str = AUDITOR_KEY) -> Applied:
        journal = reopen(self.state, run) if run else begin(self.state)
        return applied(steps, self.workplace(journal, steps, key), _no_stack)

    def takes_back(self, steps: tuple[Step, ...], key: str = AUDITOR_KEY) -> TakenBack:
        journal = self.journal
        assert operations_to_undo(journal.intents, SETTINGS).writes
        return taken_back(self.workplace(journal, steps, key), _no_stack)

    @property
    def journal(self) -> Journal:
        """The journal of the only run there is."""
        (folder,) = (each for each in self.state.iterdir() if each.is_dir())
        return reopen(self.state, folder.name)


def _no_stack(_: object) -> Any:
    pytest.fail("there is no stack")


def _nobody(_: str) -> None:
    """Nobody is told."""


@contextmanager
def at_work(state: Path, **refusals: tuple[str, ...]) -> Iterator[Team]:
    scenario = replace(load_scenario("empty"), region=HERE, **refusals)  # type: ignore[arg-type]
    with emulated_account(scenario) as account:
        team = Team(account, state)
        team.has_worked()
        yield team


@pytest.fixture
def team(tmp_path: Path) -> Iterator[Team]:
    with at_work(tmp_path) as team:
        yield team


def test_a_plan_is_applied_and_taken_back(team: Team) -> None:
    start, steps = team.inventory(), team.plans()
    assert team.applies(steps, None) == Applied(5, 0)
    done = team.inventory()
    assert done["groups"] == [("/new", 180, {"a": "1"}), ("/old", 180, {"b": "2"})]
    assert [each["AlarmName"] for each in done["alarms"]] == ["slow"]
    assert [each["DashboardName"] for each in done["dashboards"]] == ["all"]
    assert team.plans() == ()
    assert team.takes_back(steps).is_as_before
    assert team.inventory() == start


@pytest.mark.parametrize(
    ("refusals", "code"),
    [
        ({"denied": ("cloudwatch:PutMetricAlarm",)}, "AccessDeniedException"),
        ({"throttled": ("cloudwatch:PutMetricAlarm",)}, "ThrottlingException"),
    ],
)
def test_a_write_that_is_refused_stops_the_run_and_it_can_be_gone_on_with(
    refusals: Mapping[str, tuple[str, ...]], code: str, tmp_path: Path
) -> None:
    with at_work(tmp_path, **refusals) as team:
        start, steps = team.inventory(), team.plans()
        found = team.applies(steps, None)
        assert found.changed == 2
        assert found.stopped.startswith(f"cloudwatch:PutMetricAlarm was refused ({code})")
        journal = team.journal
        why = f"cloudwatch:PutMetricAlarm was refused ({code})"
        (failed,) = (each for each in journal.entries if isinstance(each, Failed))
        assert failed.why.startswith(why)
        assert isinstance(journal.entries[-1], Ended)
        assert journal.intents[failed.number - 1].about == FIRST_OF_SECOND_STEP
        assert [each["AlarmName"] for each in team.inventory()["alarms"]] == ["gone"]

        assert team.applies(steps, journal.run, SEEDER_KEY) == Applied(3, 0)
        assert team.plans() == ()
        back = team.takes_back(steps)
        assert [each.fate.value for each in back.changes if each.fate != "undone"] == [
            "failed",
            "was_so",
        ]
        assert not back.is_as_before
        assert team.takes_back(steps, SEEDER_KEY).is_as_before
        assert team.inventory() == start


def test_a_write_that_is_denied_is_taken_back_by_who_was_denied_it(tmp_path: Path) -> None:
    with at_work(tmp_path, denied=("cloudwatch:PutMetricAlarm",)) as team:
        start, steps = team.inventory(), team.plans()
        assert team.applies(steps, None).stopped
        assert team.inventory() != start
        assert team.takes_back(steps).is_as_before
        assert team.inventory() == start


@pytest.fixture
def halfway(tmp_path: Path) -> Iterator[Team]:
    """A team that may tag and must not untag: the first change fails after its first call."""
    with at_work(tmp_path, denied=("logs:UntagResource",)) as team:
        start, steps = team.inventory(), team.plans()
        assert "logs:UntagResource was refused" in team.applies(steps, None).stopped
        (group,) = team.inventory()["groups"]
        assert group[2] == {"b": "2", "c": "1"}
        assert group not in start["groups"]
        yield team


def test_a_change_that_failed_in_its_middle_is_taken_back(halfway: Team) -> None:
    steps = (step(*_pins(halfway.journal)),)
    assert halfway.takes_back(steps).is_as_before
    assert halfway.inventory()["groups"] == [("/old", 30, {"b": "1", "c": "1"})]


def test_a_change_that_failed_in_its_middle_is_gone_on_with(halfway: Team) -> None:
    (pin,) = _pins(halfway.journal)
    found = halfway.applies((step(pin),), halfway.journal.run, SEEDER_KEY)
    assert found == Applied(1, 0)
    assert halfway.inventory()["groups"] == [("/old", 180, {"b": "2"})]


def test_what_another_wrote_into_the_middle_is_left_alone(halfway: Team) -> None:
    halfway.client("logs").put_retention_policy(logGroupName="/old", retentionInDays=7)
    steps = (step(*_pins(halfway.journal)),)
    assert [each.fate.value for each in halfway.takes_back(steps).changes] == ["changed"]
    assert halfway.inventory()["groups"] == [("/old", 7, {"b": "2", "c": "1"})]


def _pins(journal: Journal) -> list[Pinned]:
    """What a journal intends, as it was planned."""
    return [
        Pinned(
            Change(each.kind, each.key, each.region, SCOPE, each.about, {}), each.before, each.after
        )
        for each in journal.intents
    ]


PROGRAM = """
import os, pathlib, signal, sys

from mlaudit.collect.session import Access
from mlaudit.remediate.apply import applied
from mlaudit.remediate.hands import open_hands, operations_of
from mlaudit.remediate.journal import Journal, begin
from mlaudit.remediate.plan_file import read_plan
from mlaudit.remediate.settings import SETTINGS
from mlaudit.remediate.undo import taken_back
from mlaudit.remediate.journal import reopen
from mlaudit.remediate.workplace import Workplace

errand, state, url, key, secret, when, line = sys.argv[1:]
write = Journal.write


def die() -> None:
    os.kill(os.getpid(), signal.SIGKILL)


def dying(journal, entry):
    if when == "before" and len(journal.entries) + 1 == int(line):
        die()
    write(journal, entry)
    if when == "after" and len(journal.entries) == int(line):
        die()


Journal.write = dying
state = pathlib.Path(state)
plan = read_plan(state / "plan.json")
pins = [pin for step in plan.steps for pin in step.pinned]
access = Access(plan.account, endpoint_url=url, keys=(key, secret))
hands = open_hands(access, operations_of(pins, SETTINGS))
folders = [each.name for each in state.iterdir() if each.is_dir()]
journal = reopen(state, folders[0]) if folders else begin(state)
place = Workplace(SETTINGS, hands.ask, hands.caller, journal, lambda _: None)
if errand == "apply":
    applied(plan.steps, place, lambda _: None)
else:
    taken_back(place, lambda _: None)
"""


def dies(team: Team, errand: str, when: str, line: int) -> bool:
    """Whether a process of its own died before or after it wrote a line of its journal."""
    where = [str(team.state), team.account.endpoint_url, AUDITOR_KEY, team.account.secret_key]
    program = [sys.executable, "-c", PROGRAM, errand, *where, when, str(line)]
    ended = subprocess.run(program, check=False, capture_output=True, text=True)
    assert ended.returncode in {0, -signal.SIGKILL}, ended.stderr
    return ended.returncode != 0


def keep(steps: tuple[Step, ...], team: Team) -> None:
    plan = Plan(
        schema_version=SCHEMA_VERSION,
        tool_version="0",
        account=team.account.account,
        regions=(HERE,),
        scanned_at=AT,
        goal=Goal(),
        workloads=("fraud",),
        steps=steps,
        people=(),
        promises=(),
        files={},
    )
    write_plan(plan, team.state / "plan.json")


LINES = 16
"""Of the journal of the whole plan: two of the run, two a step, two a change."""
SOME = [("before", 4), ("after", 9)]
"""Once a call was made and nobody was left to say so, and when a step had just begun."""
ALL = [(when, line) for when in ("before", "after") for line in range(1, LINES + 1)]


DEATHS = [pytest.param(*point, marks=[] if point in SOME else [pytest.mark.slow]) for point in ALL]


@pytest.mark.parametrize(("when", "line"), DEATHS)
def test_a_run_that_was_killed_is_taken_back(when: str, line: int, team: Team) -> None:
    start, steps = team.inventory(), team.plans()
    keep(steps, team)
    assert dies(team, "apply", when, line)
    journal = team.journal
    assert len(journal.entries) == (line if when == "after" else line - 1)
    if journal.intents:
        assert team.takes_back(steps).is_as_before
    assert team.inventory() == start


@pytest.mark.parametrize(("when", "line"), DEATHS[:LINES])
def test_a_run_that_was_killed_is_gone_on_with(when: str, line: int, team: Team) -> None:
    start, steps = team.inventory(), team.plans()
    keep(steps, team)
    assert dies(team, "apply", when, line)
    made = sum(isinstance(each, Did) for each in team.journal.entries)
    found = team.applies(steps, team.journal.run)
    assert (found.stopped, found.changed + found.was_so) == ("", 5 - made)
    assert team.plans() == ()
    assert team.takes_back(steps).is_as_before
    assert team.inventory() == start


@pytest.mark.slow
def test_taking_back_that_was_killed_again_and_again_comes_to_its_end(team: Team) -> None:
    start, steps = team.inventory(), team.plans()
    keep(steps, team)
    assert team.applies(steps, None).changed == 5
    deaths = 0
    while dies(team, "undo", "before", len(team.journal.entries) + 3):
        deaths += 1
    assert deaths > 3
    assert team.inventory() == start


def test_a_second_run_is_refused_with_the_id_of_the_first(team: Team) -> None:
    steps = team.plans()
    journal = begin(team.state)
    place = team.workplace(journal, steps)
    refused = []

    def meanwhile(_: str) -> None:
        second = Holder("20261121T2121-0001", place.by, AT)
        with pytest.raises(LockedError) as failure, held([HERE], place.ask, second, _nobody):
            pytest.fail("two at once")
        refused.append(str(failure.value))

    first = Holder(journal.run, place.by, AT)
    with held([HERE], place.ask, first, _nobody):
        applied(steps, replace(place, tell=meanwhile), _no_stack)
    assert len(refused) >= len(steps)
    assert all(f"The remediation {journal.run} of {place.by}" in each for each in refused)


@dataclass
class Listener:
    """Hears every call that reaches the account by HTTP."""

    calls: list[tuple[Operation, Mapping[str, Any]]]

    @property
    def operations(self) -> set[str]:
        return {each.id for each, _ in self.calls}

    def writes(self, declared: Iterable[Operation]) -> list[tuple[str, Mapping[str, Any]]]:
        ids = {each.id for each in declared}
        return [(each.id, params) for each, params in self.calls if each.id not in ids]


@pytest.fixture
def heard(monkeypatch: pytest.MonkeyPatch) -> Listener:
    listener = Listener([])
    answer = Gateway._answer  # noqa: SLF001 - what comes in by HTTP goes through it

    def listening(gateway: Gateway, request: Any, target: Any, request_id: str) -> Any:
        if target and target.access_key == AUDITOR_KEY:
            operation = Operation(target.service, target.operation.name)
            listener.calls.append((operation, wire.params_of(request, target)))
        return answer(gateway, request, target, request_id)

    monkeypatch.setattr(Gateway, "_answer", listening)
    return listener


def planned_calls(steps: tuple[Step, ...]) -> list[tuple[str, Mapping[str, Any]]]:
    return [
        (call.id, call.params)
        for each in steps
        for pin in each.pinned
        for call in SETTINGS[pin.change.kind].calls(pin.change.key, pin.before, pin.after)
    ]


def test_no_call_is_made_that_was_not_declared(team: Team, heard: Listener) -> None:
    steps = team.plans()
    changes = [pin.change for each in steps for pin in each.pinned]
    pinning = operations_to_pin(changes, SETTINGS)
    assert heard.writes(_with_caller(pinning.reads)) == []

    heard.calls.clear()
    declared = operations_of([pin for each in steps for pin in each.pinned], SETTINGS) + LOCKING
    journal = begin(team.state)
    place = team.workplace(journal, steps)
    with held([HERE], place.ask, Holder(journal.run, place.by, AT), _nobody):
        applied(steps, place, _no_stack)
    writes = heard.writes(_with_caller(declared.reads))
    assert {id_ for id_, _ in writes} <= {each.id for each in declared.writes}
    assert [id_ for id_, _ in writes] == [
        "ssm:PutParameter",
        *(id_ for id_, _ in planned_calls(steps)),
        "ssm:DeleteParameter",
    ]
    assert writes[-1][1] == {"Name": PARAMETER}
    assert heard.operations <= {each.id for each in _with_caller(declared.all)}


def _with_caller(operations: Iterable[Operation]) -> list[Operation]:
    return [*operations, Operation("sts", "GetCallerIdentity")]


def test_every_write_names_what_the_plan_names(team: Team, heard: Listener) -> None:
    steps = team.plans()
    declared = operations_of([pin for each in steps for pin in each.pinned], SETTINGS)
    heard.calls.clear()
    assert team.applies(steps, None).changed == 5
    for (id_, made), (planned_id, planned) in zip(
        heard.writes(_with_caller(declared.reads)), planned_calls(steps), strict=True
    ):
        assert (id_, _names(made)) == (planned_id, _names(planned))


def _names(params: Mapping[str, Any]) -> dict[str, Any]:
    """What a request is about, in members that every protocol writes alike."""
    return {
        name: value
        for name, value in params.items()
        if name.endswith(("Name", "Names", "Arn", "ARN")) and name != "MetricName"
    }
