"""The rehearsal of a plan: played in an emulated account, to tell what a scan will see after it.

The account is empty but for what the plan touches, set up as it is now, and what that hangs on. It
is scanned before and after the plan is applied there, by the same code as in the real one. What
differs is laid over the real scan: everything else stays as it was seen.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory

from mlaudit.audit import Audit
from mlaudit.emulator import Scenario, emulated_account
from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Pinned
from mlaudit.remediate.comparison import PLATFORM, nearness, new_gaps, results_by_place
from mlaudit.remediate.course import courses, thing_changed
from mlaudit.remediate.difference import difference, laid_over, with_tags
from mlaudit.remediate.plan import Promise
from mlaudit.remediate.stage import Script, Stage, blind_to
from mlaudit.resources import Resource, Topic
from mlaudit.snapshot import Snapshot, snapshot_of

EVERYWHERE = (
    "What only use brings: requests, measurements, logs, runs and alarms that go off.",
    "What AWS decides when it is asked: quotas, capacity, and the rights of whoever applies it.",
)
"""What no rehearsal tells."""

_TAGS = "tags"
_EMULATED = "aws"


@dataclass(frozen=True)
class Predicted:
    """What a scan would see if the plan had been applied right before it.

    Attributes:
        snapshot: What it would see; where it was blind it stays blind.
        cannot_predict: What the rehearsal does not tell, in sentences.
    """

    snapshot: Snapshot
    cannot_predict: tuple[str, ...]


def rehearsed(snapshot: Snapshot, script: Script) -> Predicted:
    """Play a plan that rests on a scan, and tell what the scan would see after it.

    Args:
        snapshot: The scan.
        script: The steps of the plan, and what they need.

    Raises:
        MlauditError: No account of this kind can be emulated.
    """
    scope = snapshot.scope
    partition = scope.caller.split(":")[1]
    if partition != _EMULATED:
        raise MlauditError(
            f"An account of the partition {partition} cannot be rehearsed: ARNs in an emulated "
            f"account are of the partition {_EMULATED}. Plan without a rehearsal."
        )
    with (
        emulated_account(_empty(snapshot), now=scope.started_at, ids="rehearsal") as account,
        TemporaryDirectory() as folder,
    ):
        stage = Stage(account, snapshot, script, Path(folder))
        stage.set_up()
        before = stage.seen()
        stage.play()
        after = stage.seen()
    found = difference(before, after)
    predicted = _still_blind(laid_over(snapshot, found), before, after)
    for pin in _retagged(script, stage):
        predicted = with_tags(
            predicted, pin.change.region, pin.change.key["ResourceARN"], pin.after
        )
    doubts = (*_doubts(snapshot, script, stage), *_unheard(predicted, script, found.added))
    return Predicted(predicted, doubts)


def foreseen(promises: Iterable[Promise], predicted: Audit) -> tuple[Promise, ...]:
    """The promises of a plan with what the rehearsal found of each.

    Where workloads of one name live in several regions, the least complete result counts.
    """
    results = results_by_place(predicted)
    found = []
    for each in promises:
        ranked = [
            result.status
            for (workload, _, item), result in results.items()
            if item == each.item and workload in {each.workload, PLATFORM}
        ]
        status = min(ranked, key=nearness, default=None)
        found.append(replace(each, applied=status.value if status else None))
    return tuple(found)


def _empty(snapshot: Snapshot) -> Scenario:
    """An account of the same number with nothing in it."""
    return Scenario(
        name="rehearsal",
        description="",
        account=snapshot.scope.account,
        region=snapshot.scope.regions[0],
        denied=(),
        throttled=(),
        values={},
        calls=(),
        config=None,
        repositories={},
    )


def _retagged(script: Script, stage: Stage) -> Iterator[Pinned]:
    """The last change of the tags of each thing that could not be made again.

    A tag is what was written: that needs no playing.
    """
    pins = (pin for step in script.ready for pin in step.pinned)
    for thing, some in courses(pins).items():
        if some[-1].change.kind == _TAGS and thing in stage.not_set_up:
            yield some[-1]


def _still_blind(predicted: Snapshot, before: Snapshot, after: Snapshot) -> Snapshot:
    """With what cannot be seen of new things, as nothing of their kind could be."""
    blind = blind_to(predicted)
    found = [
        each for each in new_gaps(before.gaps, after.gaps) if (each.operation, each.region) in blind
    ]
    return snapshot_of(predicted.scope, predicted.resources, (*predicted.gaps, *found))


def _unheard(predicted: Snapshot, script: Script, added: Iterable[Resource]) -> Iterator[str]:
    """What is not known of who hears of alarms."""
    for each in added:
        if isinstance(each, Topic) and each.pending:
            yield f"Whether its subscribers confirm that topic {each.arn} may tell them."
    known = {each.arn for each in predicted.resources if isinstance(each, Topic)}
    pins = (pin for step in script.ready for pin in step.pinned)
    told = {arn for pin in pins for arn in (pin.after or {}).get("AlarmActions", ())}
    for arn in sorted(told - known):
        if ":sns:" in arn:
            yield f"Who listens to topic {arn}: the scan had no reason to look."


def _doubts(snapshot: Snapshot, script: Script, stage: Stage) -> Iterator[str]:
    yield from EVERYWHERE
    for operation, region in sorted(blind_to(snapshot)):
        yield f"What {operation} would show in {region}: the scan could not read it."
    for pin in script.firsts:
        why = stage.not_set_up.get(thing_changed(pin))
        if why and pin.change.kind != _TAGS:
            yield f"What becomes of this: {pin.change.about}. It could not be set up: {why}"
    for why in stage.not_around:
        yield f"What hangs on something that could not be set up: {why}"
    for what, why in stage.not_played:
        yield f"What becomes of this: {what}. The emulated account refused it: {why}"
    for step in script.ready:
        if step.changes and not (step.pinned or step.left_alone or step.stack or step.files):
            yield f"What becomes of step {step.id}: what is there now was not looked at."
