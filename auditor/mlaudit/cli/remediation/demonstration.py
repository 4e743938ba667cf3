"""``mlaudit remediate --demo``: two workloads of an emulated account, made better, and taken back.

The account, its requests and its weeks are emulated. What plans, applies, verifies and undoes is
what does so on AWS, over HTTP; nothing here touches AWS.
"""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime, timedelta

from rich import box
from rich.console import Console
from rich.table import Table

from mlaudit.audit import Audit, Outcome, WorkloadAudit
from mlaudit.cli.compiling import manifest_of
from mlaudit.cli.exits import Exit
from mlaudit.cli.remediate import Asked
from mlaudit.cli.remediation import drafting, runs
from mlaudit.cli.remediation.drafting import Drafted, with_rehearsal
from mlaudit.cli.remediation.meanings import offering_of, terms_of
from mlaudit.cli.remediation.scene import Scene
from mlaudit.cli.remediation.telling import show, tell_taken_back
from mlaudit.cli.remediation.weeks import Weeks
from mlaudit.cli.scanning import Options
from mlaudit.collect.session import Access
from mlaudit.config import load_config
from mlaudit.emulator import EmulatedAccount, Scenario, companions, emulated_account, load_scenario
from mlaudit.emulator.scenario import BUNDLED
from mlaudit.emulator.seeding import clients_in
from mlaudit.errors import MlauditError
from mlaudit.model import Status, Strength
from mlaudit.remediate import stacks
from mlaudit.remediate.comparison import Prediction
from mlaudit.remediate.difference import Difference, difference
from mlaudit.remediate.goal import Goal
from mlaudit.remediate.workplace import Tell
from mlaudit.score import is_complete
from mlaudit.thresholds import Target
from mlaudit_reports import plan_reading, words

WEAK, MIDDLE = "churn-serverless", "clickstream-ranking"
_FOLDER = BUNDLED / "demo"
_MANIFESTS = {
    WEAK: _FOLDER / "churn_serverless_pipeline.yaml",
    MIDDLE: _FOLDER / "clickstream_ranking_pipeline.yaml",
}
_REPLACED = {WEAK: f"{WEAK}-ref-realtime", MIDDLE: f"{MIDDLE}-ref-realtime"}
RECORDS = frozenset(
    {
        "ApiCall",
        "AutoMLJob",
        "DataArtifact",
        "HostUse",
        "PipelineRun",
        "ProcessingJob",
        "RunStep",
        "TrackedRun",
        "TrainingJob",
        "TrainingTools",
        "TransformJob",
        "TuningJob",
    }
)
"""What tells of what has run, and what AWS lets nobody delete."""

_TOLD = {
    "LogStream": re.compile(r"/aws/sagemaker/(Training|Processing|Transform)Jobs:"),
    "ResourceTags": re.compile(r"-job/|:key/"),
}
"""The same of what is not always a record: logs and tags of jobs that have run, and tags of keys
that wait for the end of their days of grace."""

_NEVER = re.compile(r"(?!)")

_CALLER = "clickstream-ranker"
_COMMIT = "3f9a1c0d5e7b2864"


@dataclass
class Clock:
    """The present of an emulated account, which passes when it is told to."""

    moment: datetime

    def __call__(self) -> datetime:
        """Tell the present (UTC)."""
        return self.moment

    def passes(self, days: float) -> None:
        """Let days pass."""
        self.moment += timedelta(days=days)


@dataclass
class Story:
    """What happens in the demonstration, and what became of it.

    Attributes:
        asked: The options of the command.
        scene: Where it takes place.
        account: The emulated account.
        clock: Its present.
        tell: Is told of the progress.
        runs: The runs until now.
    """

    asked: Asked
    scene: Scene
    account: EmulatedAccount
    clock: Clock
    tell: Tell
    runs: list[str] = field(default_factory=list)

    def remediate(self, title: str, goal: Goal, replaced: Mapping[str, str] | None = None) -> None:
        """Plan, apply and verify.

        Raises:
            MlauditError: It ended early.
        """
        _headline(title)
        drafted = self.drafted(goal, replaced or {})
        if self.asked.rehearse or (self.asked.rehearse is None and not self.runs):
            drafted = with_rehearsal(drafted, self.scene)
        self._show(drafted)
        ran = runs.applied_plan(self.scene, drafted.plan, drafted.audit, stacks.Terms(), self.tell)
        if ran.applied.stopped:
            raise MlauditError(f"The demonstration ended early: {ran.applied.stopped}")
        self.runs.append(ran.run)
        found = runs.verification_of(self.scene, ran.run)
        better = sum(each.now is not each.then and not each.is_worse for each in found.changed)
        print_line(
            f"Applied as run {ran.run}: {words.number(ran.applied.changed, 'change')}, "
            f"{words.number(better, 'verdict')} better."
        )
        if drafted.predictions is not None:
            _compare(drafted.predictions, found.changed)

    def drafted(self, goal: Goal, replaced: Mapping[str, str]) -> Drafted:
        """A plan that can be applied."""
        pairs = [f"{old}={new}" for old, new in replaced.items()]
        asked = replace(
            self.asked,
            workload=list(goal.workloads),
            target=goal.target,
            replaced=pairs,
            manifest=[f"{name}={path}" for name, path in _MANIFESTS.items()],
            commit=_COMMIT,
        )
        offering = offering_of(asked, self.scene)
        return drafting.drafted(self.scene, self.scene.scan(), terms_of(asked), offering, self.tell)

    def _show(self, drafted: Drafted) -> None:
        for sentence in plan_reading.summary(drafted.report):
            print_line(sentence)
        for step in drafted.plan.ready:
            print_line(f"  {step.id} {step.workload}: {step.title} [{step.disposition.value}]")
        for step in plan_reading.waiting(drafted.plan):
            print_line(f"  {step.id} {step.workload}: {step.title}: waits for {step.waits}")
        for path in drafting.written(drafted, self.scene.state):
            print_line(f"Wrote {path}")

    def weeks(self, name: str) -> Weeks:
        """The weeks before now of the system beside a workload."""
        client = clients_in(self.account.endpoint_url, self.account.region)
        manifest = manifest_of(_MANIFESTS[name])
        return Weeks(client, self.clock(), manifest, self.account.account, self.account.region)

    def trains(self) -> None:
        """Three days: data comes, both systems train, and a person approves what comes of it."""
        _headline("Emulated: three days in which data comes, models train, and a person approves")
        self.clock.passes(3)
        for name in _MANIFESTS:
            self.weeks(name).trains(2, version=1)

    def lives(self) -> None:
        """Six weeks of requests, a second version, and everything that starts training."""
        _headline(
            "Emulated: six weeks of requests, in which a second version is brought to serve and "
            "the team has its function call the new endpoint"
        )
        self.clock.passes(43)
        for name in _MANIFESTS:
            weeks = self.weeks(name)
            weeks.trains(16, version=2)
            weeks.promotes(14, version=2)
            weeks.is_used()
        self._points_at(_REPLACED[MIDDLE])

    def _points_at(self, endpoint: str) -> None:
        """Let the team have its function call an endpoint."""
        client = clients_in(self.account.endpoint_url, self.account.region)
        client("lambda", self.clock()).update_function_configuration(
            FunctionName=_CALLER,
            Environment={"Variables": {"ENDPOINT_NAME": endpoint, "RESULT_TABLE": "ranked-items"}},
        )

    def streams(self) -> None:
        """Two days in which the stream is scored."""
        _headline("Emulated: two days in which the stream is scored")
        self.clock.passes(2)
        self.weeks(MIDDLE).is_called(1)

    def undo(self) -> bool:
        """Take all runs back, the last one first; whether that went as far as AWS lets it."""
        self._points_at(MIDDLE)
        _headline(
            "The team's function calls the old endpoint again, and everything is taken back: the "
            "last run first, with the data of the emulated weeks"
        )
        told = [
            runs.undone(self.scene, run, self.tell, delete_data=True) for run in reversed(self.runs)
        ]
        for each in told:
            tell_taken_back(each)
        return all(each.is_done for each in told)


def demonstrated(asked: Asked, tell: Tell) -> Exit:
    """Play the demonstration.

    Raises:
        MlauditError: It cannot be played.
    """
    scenario = replace(load_scenario("demo"), config=_FOLDER / "mlaudit.yaml")
    with _story(asked, scenario, tell) as story:
        seen = story.scene.scan()
        before = story.scene.judge(seen)
        _told(before, None)
        both, streaming = Goal((WEAK, MIDDLE)), Goal((MIDDLE,), Target.STREAMING)
        if asked.plan_only:
            drafted = story.drafted(both, {})
            show(with_rehearsal(drafted, story.scene) if asked.rehearse else drafted, story.scene)
            return Exit.OK
        _list_attested(before)
        story.remediate("1. Settings of what is there, and what trains", both)
        story.trains()
        story.remediate("2. What serves, watches and retrains", both)
        story.lives()
        story.remediate("3. The new endpoints take the place of the old ones", both, _REPLACED)
        story.remediate("4. What streams, now that its gate is open", streaming)
        story.streams()
        after = story.scene.judge(story.scene.scan())
        _told(before, after)
        _list_turned(before, after)
        taken_back = story.undo()
        back = difference(seen, replace(story.scene, now=lambda: seen.scope.started_at).scan())
        return _concluded(after, back, taken_back=taken_back)


@contextmanager
def _story(asked: Asked, scenario: Scenario, tell: Tell) -> Iterator[Story]:
    clock = Clock(datetime.now(UTC))
    with (
        companions(scenario, clock()) as brought,
        emulated_account(scenario, now=clock) as account,
    ):
        access = Access(
            account=account.account,
            endpoint_url=account.endpoint_url,
            keys=(account.access_key, account.secret_key),
        )
        reading = Options(regions=(account.region,), quiet=asked.quiet)
        config = load_config(brought.config)
        state = asked.state / "demo" / f"{clock():%Y%m%dT%H%M%S}"
        scene = Scene(reading, access, config, state, now=clock)
        yield Story(asked, scene, account, clock, tell)


def print_line(text: str) -> None:
    """Print a line as it is."""
    Console(highlight=False).print(text, markup=False, soft_wrap=True)


def _headline(text: str) -> None:
    console = Console(highlight=False)
    console.print()
    console.print(text, style="bold underline", markup=False)


def _told(before: Audit, after: Audit | None) -> None:
    """Print how the two workloads stand, and stood."""
    table = Table("workload", "complete", "streaming gate", box=box.SIMPLE_HEAD)
    for name in (WEAK, MIDDLE):
        audits = [each for each in (before, after) if each]
        standings = [_standing(_workload(each, name)) for each in audits]
        table.add_row(name, *(" -> ".join(some) for some in zip(*standings, strict=True)))
    Console(highlight=False).print(table)


def _compare(foreseen: Iterable[Prediction], changed: Iterable[Prediction]) -> None:
    """Print how many of the verdicts that changed the rehearsal had foreseen."""
    told, came = (
        {(each.workload, each.item, each.then) for each in some if each.now is not each.then}
        for some in (foreseen, changed)
    )
    print_line(
        f"The rehearsal had foreseen {len(told & came)} of {len(came)} changed verdicts, and "
        f"{len(told - came)} that did not come."
    )


def _list_attested(audit: Audit) -> None:
    """Print what rests on a person's word: no deployment can show it."""
    items = _workload(audit, MIDDLE).items
    told = [each.id for each in items if each.strength is Strength.ATTESTED]
    print_line(f"Attested for {MIDDLE} by people, in its mlaudit.yaml: {', '.join(told)}.")


def _list_turned(before: Audit, after: Audit) -> None:
    """Print which items were completed, and which are still open."""
    for name in (WEAK, MIDDLE):
        was = {each.id: each.status for each in _workload(before, name).items}
        items = _workload(after, name).items
        turned = [
            each.id for each in items if is_complete(each) and was[each.id] is not each.status
        ]
        open_ = [
            f"{each.id} ({words.STATUS[each.status]})"
            for each in items
            if not is_complete(each) and each.status is not Status.NOT_APPLICABLE
        ]
        print_line(f"{name}: completed {', '.join(turned)}")
        print_line(f"{name}: still open {', '.join(open_) or 'nothing'}")


def _standing(workload: WorkloadAudit) -> tuple[str, str]:
    score = workload.scores.gate
    outcome = workload.gates[Target.STREAMING.value].outcome
    return f"{score.complete} of {score.applicable}", outcome.value.replace("_", " ")


def _workload(audit: Audit, name: str) -> WorkloadAudit:
    return next(each for each in audit.workloads if each.name == name)


def _concluded(after: Audit, back: Difference, *, taken_back: bool) -> Exit:
    """Say whether the gate was opened, and whether the account is as it was."""
    gate = _workload(after, MIDDLE).gates[Target.STREAMING.value].outcome
    print_line(f"At the end the streaming gate of {MIDDLE} was {gate.value.replace('_', ' ')}.")
    records, rest = _sorted(back)
    for kind, count in sorted(Counter(records).items()):
        print_line(f"Stays, as AWS keeps what has happened: {count} x {kind}")
    for line in rest:
        print_line(f"Not as before: {line}")
    if not rest:
        print_line("Resource by resource, everything else in the account is as it was before.")
    is_well = gate is Outcome.OPEN and taken_back and not rest
    return Exit.OK if is_well else Exit.BELOW


def _sorted(back: Difference) -> tuple[list[str], list[str]]:
    """The kinds of what tells of the past, one for each, and everything that must not differ."""
    records: list[str] = []
    rest: list[str] = []
    for each in back.added:
        kind = type(each).__name__
        told = kind in RECORDS or _TOLD.get(kind, _NEVER).search(each.arn)
        (records if told else rest).append(kind if told else f"{kind} {each.arn} is new")
    for kind, _, arn in back.vanished:
        rest.append(f"{kind} {arn} is gone")
    for altered in back.altered:
        kind, _, arn = altered.identity
        names = [name for name, value in altered.values.items() if not isinstance(value, datetime)]
        if names:
            rest.append(f"{', '.join(names)} of {kind} {arn}")
        else:
            records.append(f"date of {kind}")
    return records, rest
