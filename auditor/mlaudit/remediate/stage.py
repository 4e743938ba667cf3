"""The stage of a rehearsal: an emulated account with what a plan touches, as it is now.

What could not be set up or played is told in sentences, for whoever reads the plan.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property
from pathlib import Path
from typing import Any

from mlaudit.collect.operation import Operation
from mlaudit.collect.plan import declared_operations
from mlaudit.collect.reader import Api, Record, UnseenError
from mlaudit.collect.run import Request, collect
from mlaudit.collect.session import Access, open_account
from mlaudit.emulator import EmulatedAccount
from mlaudit.emulator.access import SECRET, SEEDER_KEY
from mlaudit.emulator.errors import RefusedCallError
from mlaudit.emulator.seeding import PastCall, caller
from mlaudit.errors import MlauditError
from mlaudit.model import Gap, GapReason
from mlaudit.remediate.apply import applied
from mlaudit.remediate.change import Ask, Document, FailedError, Pinned, RefusedError
from mlaudit.remediate.course import Thing, courses, thing_changed
from mlaudit.remediate.entries import Ended
from mlaudit.remediate.hands import Hands, Settings, open_hands, operations_of
from mlaudit.remediate.journal import Journal, begin
from mlaudit.remediate.plan import Step
from mlaudit.remediate.stacks import DEPLOYING, Site, deployed, looked_at
from mlaudit.remediate.surroundings import Surroundings
from mlaudit.remediate.touched import Touched
from mlaudit.remediate.waiting import Patience
from mlaudit.remediate.workplace import Workplace
from mlaudit.snapshot import Snapshot

_ORDER = (
    "sagemaker.endpoint-config",
    "sagemaker.endpoint",
    "sns.topic",
    "application-autoscaling.target",
)
"""The kinds of settings that others need, in their order."""


@dataclass(frozen=True)
class Script:
    """What a rehearsal plays.

    Attributes:
        steps: The steps of the plan, pinned; those that wait are not played.
        settings: Every kind of setting.
        files: The files of the plan, and those of the stacks that stand.
        standing: Steps that deployed what is there already and others need, in their order.
    """

    steps: tuple[Step, ...]
    settings: Settings
    files: Mapping[str, bytes] = field(default_factory=dict)
    standing: tuple[Step, ...] = ()

    @property
    def ready(self) -> tuple[Step, ...]:
        """The steps that are played."""
        return tuple(each for each in self.steps if not each.waits)

    @property
    def firsts(self) -> tuple[Pinned, ...]:
        """The first change of each thing, which says what it is now; what others need is first."""
        pins = (pin for step in self.ready for pin in step.pinned)
        place = {kind: number for number, kind in enumerate(_ORDER)}
        found = (some[0] for some in courses(pins).values())
        return tuple(sorted(found, key=lambda each: place.get(each.change.kind, len(place))))


class Stage:
    """An emulated account in which a plan is played."""

    def __init__(
        self, account: EmulatedAccount, snapshot: Snapshot, script: Script, folder: Path
    ) -> None:
        """Take an empty account.

        Args:
            account: The account.
            snapshot: The scan that the plan rests on.
            script: What is played.
            folder: Where journals are kept meanwhile.
        """
        self._account = account
        self._snapshot = snapshot
        self._script = script
        self._folder = folder
        self._made: set[str] = set()
        self._callers: dict[str, Callable[[PastCall], Mapping[str, Any]]] = {}
        self.not_set_up: dict[Thing, str] = {}
        self.not_around: list[str] = []
        self.not_played: list[tuple[str, str]] = []

    def set_up(self) -> None:
        """Bring the account to where what the plan touches is as it is now.

        The stacks that stand are made in the present: nobody has confirmed to be told anything, as
        far as a rehearsal knows.
        """
        for step in self._script.standing:
            if step.stack:
                named = frozenset(step.stack.parameters.values())
                needs = Touched(self._snapshot, step.stack.region, (), named)
                self._surround(Surroundings(needs))
                self._try_to_deploy(step, self._hands.ask(step.stack.region))
        for surroundings in self._surroundings.values():
            self._surround(surroundings)
        for pin in self._script.firsts:
            try:
                self._bring_to_now(pin)
            except MlauditError as error:
                self.not_set_up[thing_changed(pin)] = str(error)

    def play(self) -> None:
        """Apply the steps that are ready, each change for itself."""
        for step in self._script.ready:
            if step.stack:
                self._try_to_deploy(step, self._hands.ask(step.stack.region))
            for pin in step.pinned:
                if thing_changed(pin) not in self.not_set_up:
                    self._apply(replace(step, pinned=(pin,), stack=None), pin.change.about)

    def seen(self) -> Snapshot:
        """What a scan sees in the account, with the blind spots of the real one."""
        scope = self._snapshot.scope
        request = Request(
            account=scope.account,
            caller=scope.caller,
            regions=scope.regions,
            started_at=scope.started_at,
            window_days=scope.window_days,
            tag_keys=scope.tag_keys,
        )
        return collect(self._eyes, request)

    @cached_property
    def _eyes(self) -> Api:
        access = Access(
            account=self._snapshot.scope.account,
            endpoint_url=self._account.endpoint_url,
            keys=(self._account.access_key, self._account.secret_key),
        )
        opened = open_account(access, declared_operations())
        return _Blinkered(opened.api, blind_to(self._snapshot))

    @cached_property
    def _surroundings(self) -> Mapping[str, Surroundings]:
        return {each: Surroundings(self._touched(each)) for each in self._snapshot.scope.regions}

    def _touched(self, region: str) -> Touched:
        stacks = [each.stack for each in self._script.ready if each.stack]
        return Touched(
            self._snapshot,
            region,
            tuple(each for each in self._script.firsts if each.change.region == region),
            frozenset(
                value
                for each in stacks
                if each.region == region
                for value in each.parameters.values()
            ),
        )

    def _surround(self, surroundings: Surroundings) -> None:
        for call in surroundings.calls():
            region = surroundings.touched.region
            what = f"{region} {call}"
            if what in self._made:
                continue
            self._made.add(what)
            try:
                self._past(region)(call)
            except RefusedCallError as error:
                if "already" not in str(error).lower():
                    self.not_around.append(str(error))

    def _bring_to_now(self, pin: Pinned) -> None:
        change, ask = pin.change, self._in_the_past(pin.change.region)
        setting = self._script.settings[change.kind]
        there = setting.read(change.key, ask)
        for call in setting.calls(change.key, there, pin.before):
            ask(call.service, call.operation, call.params)
        if not setting.are_equal(setting.read(change.key, ask), pin.before):
            raise FailedError("The emulated account does not keep it as AWS does.")

    def _apply(self, step: Step, about: str) -> None:
        journal = begin(self._folder)
        applied([step], self._workplace(journal), lambda _step: None)
        why = next((each.why for each in journal.entries if isinstance(each, Ended)), "")
        if why:
            self.not_played.append((about, why))

    def _try_to_deploy(self, step: Step, ask: Ask) -> None:
        stack = step.stack
        if stack is None:
            return
        site = Site(stack.region, ask, patience=_hurried())
        try:
            found = looked_at(stack, self._script.files, site, adopt=True)
            journal = begin(self._folder)
            deployed(replace(step, stack=found), self._script.files, site, journal)
        except MlauditError as error:
            self.not_played.append((f"the stack {stack.name}", str(error)))

    def _workplace(self, journal: Journal) -> Workplace:
        return Workplace(
            settings=self._script.settings,
            ask=self._hands.ask,
            by=self._hands.caller,
            journal=journal,
            tell=lambda _line: None,
            patience=_hurried(),
        )

    @cached_property
    def _hands(self) -> Hands:
        access = Access(endpoint_url=self._account.endpoint_url, keys=(SEEDER_KEY, SECRET))
        declared = operations_of(self._script.firsts, self._script.settings) + DEPLOYING
        return open_hands(access, declared)

    def _past(self, region: str) -> Callable[[PastCall], Mapping[str, Any]]:
        if region not in self._callers:
            self._callers[region] = caller(self._account.endpoint_url, region)
        return self._callers[region]

    def _in_the_past(self, region: str) -> Ask:
        surroundings = self._surroundings[region]

        def ask(service: str, operation: str, params: Document) -> Document:
            marks = surroundings.marks(operation, params)
            try:
                return self._past(region)(
                    PastCall(service, operation, params, surroundings.touched.past, marks)
                )
            except RefusedCallError as error:
                raise RefusedError(service, operation, error.code, error.message) from error

        return ask


def blind_to(snapshot: Snapshot) -> Mapping[tuple[str, str], Gap]:
    """What a scan could not read at all, by operation and region: no call of it succeeded."""
    failed = {
        (each.operation, each.region)
        for each in snapshot.scope.calls
        if each.made and each.made == each.failed
    }
    return {
        (each.operation, each.region): each
        for each in snapshot.gaps
        if each.reason not in _ABOUT_ONE
        and (each.subject is None or (each.operation, each.region) in failed)
    }


_ABOUT_ONE = frozenset({GapReason.CONTENT_NOT_READ, GapReason.GONE, GapReason.OTHER_ACCOUNT})
"""Why one resource could not be seen and others could."""


@dataclass(frozen=True, slots=True)
class _Blinkered:
    """Reads that fail where those of the real account failed."""

    api: Api
    blind: Mapping[tuple[str, str], Gap]

    def call(self, operation: Operation, region: str, params: Mapping[str, Any]) -> Record:
        gap = self.blind.get((operation.id, region))
        if gap is not None:
            raise UnseenError(gap)
        return self.api.call(operation, region, params)


def _hurried() -> Patience:
    """Patience with a clock that only sleeping moves: an emulated account is done at once."""
    slept = [0.0]

    def sleep(seconds: float) -> None:
        slept[0] += seconds

    return Patience(clock=lambda: slept[0], sleep=sleep)
