"""The order of things, on which what is promised rests.

Claim, score, store the result, settle, acknowledge. A record is acknowledged only when its result
(or, for one that cannot be scored, its report in the failure destination) is known to be stored,
now or before. So none is lost, whatever fails and wherever it crashes. A key is settled only after
that, so a crash between the two stores the result a second time when the source delivers again, as
does a call that was answered with an error and had its effect all the same. The reader of the
output closes that gap by keeping each id once (``reader.py``).
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from mlaudit_reference.container.streaming.events import Delivery
from mlaudit_reference.container.streaming.patience import Patience, persist
from mlaudit_reference.container.streaming.ports import (
    Failures,
    Hold,
    Ledger,
    Log,
    Model,
    Output,
    Reject,
    Result,
    Standing,
)
from mlaudit_reference.container.streaming.records import Record, Rules, read, refused
from mlaudit_reference.container.streaming.scoring import Batching, Scorer, Scores

_RECORD, _REJECTED = "record:", "rejected:"
"""What keys in the ledger begin with, so that no id is taken for a position."""
_TWIN_REFUSED = "an earlier record of the id was refused"
_LATER = {
    Standing.BUSY: "another delivery of the id is being worked on",
    Standing.UNKNOWN: "the ledger could not be asked",
}


@dataclass(frozen=True)
class World:
    """Where the consumer reads from and writes to, each a small protocol."""

    ledger: Ledger
    model: Model
    output: Output
    failures: Failures
    log: Log


@dataclass(frozen=True)
class Plan:
    """How records are worked on: what they must have, and how many go into one request."""

    rules: Rules
    batching: Batching = field(default_factory=Batching)


@dataclass(frozen=True)
class Consumer:
    """One invocation's worth of work.

    Attributes:
        world: What it asks.
        plan: How it works.
        patience: How often it tries.
        lease_until: When the invocation has ended for certain, in seconds since the epoch.
        trace_id: The trace of the invocation, which the requests to the endpoint carry.
    """

    world: World
    plan: Plan
    patience: Patience
    lease_until: float
    trace_id: str

    def consume(self, arrived: Sequence[Delivery]) -> list[Delivery]:
        """Work on deliveries. Returns those to deliver again, in their order."""
        once = {each.position: each for each in arrived}
        found = [read(each, self.plan.rules) for each in once.values()]
        records = [each for each in found if isinstance(each, Record)]
        rejects = [each for each in found if isinstance(each, Reject)]
        first = {each.key: each for each in reversed(records)}
        unique = [each for each in records if first[each.key] is each]
        twins = [each for each in records if first[each.key] is not each]
        answer = self._answer(unique)
        # A twin of a refused record may be its repair: it comes again, and has a turn of its own.
        twins_failed = {**answer.failed, **dict.fromkeys(answer.refused, _TWIN_REFUSED)}
        late = {
            **_by_position(unique, answer.failed),
            **_by_position(twins, twins_failed),
            **self._turn_away([*rejects, *answer.refused.values()]),
        }
        self._tell_failures(late, len(once))
        return [each for each in once.values() if each.position in late]

    def _answer(self, records: Sequence[Record]) -> _Answer:
        """Claim, score, store, settle."""
        holds = {each.key: Hold(_RECORD + each.key, each.delivery.position) for each in records}
        ours, failed = self._claim(holds)
        mine = [each for each in records if each.key in ours]
        scorer = Scorer(self.world.model, self.plan.batching, self.patience)
        scores = scorer.score(mine, self.trace_id)
        results = [self._result(each, scores) for each in mine if each.key in scores.scored]
        unsaved = persist(results, lambda each: each.key, self.world.output.put, self.patience)
        self._settle([holds[each.key] for each in results if each.key not in unsaved])
        self.world.ledger.release([holds[key] for key in scores.refused])
        self.world.log(
            "answered",
            trace_id=self.trace_id,
            records=len(records),
            scored=len(results) - len(unsaved),
            known=len(records) - len(mine) - len(failed),
            refused=len(scores.refused),
        )
        rejects = {
            e.key: refused(e, scores.refused[e.key]) for e in mine if e.key in scores.refused
        }
        return _Answer({**failed, **scores.missed, **unsaved}, rejects)

    def _turn_away(self, rejects: Sequence[Reject]) -> Mapping[str, str]:
        """Report records that cannot be scored. Returns the positions of which that failed."""
        holds = {each.position: Hold(_REJECTED + each.position, each.position) for each in rejects}
        ours, failed = self._claim(holds)
        mine = [each for each in rejects if each.position in ours]
        send = self.world.failures.send
        unsent = persist(mine, lambda each: each.position, send, self.patience)
        sent = [each for each in mine if each.position not in unsent]
        self._settle([holds[each.position] for each in sent])
        for each in sent:
            self.world.log(
                "rejected", trace_id=each.trace_id, position=each.position, reason=each.logged
            )
        return {**failed, **unsent}

    def _claim(self, holds: Mapping[str, Hold]) -> tuple[set[str], dict[str, str]]:
        """Which of the holds to work on now, and why others must come again. The rest is done."""
        asked = list(holds.values())
        told = self.world.ledger.claim(asked, self.lease_until) if asked else {}
        standings = {name: told[hold.key] for name, hold in holds.items()}
        ours = {name for name, each in standings.items() if each is Standing.OURS}
        failed = {name: _LATER[each] for name, each in standings.items() if each in _LATER}
        return ours, failed

    def _settle(self, holds: Sequence[Hold]) -> None:
        """Mark keys done. What they stand for is stored, so a failure is no reason to repeat it."""
        keys = [each.key for each in holds]
        left = persist(keys, str, self.world.ledger.settle, self.patience)
        if left:
            why = next(iter(left.values()))
            self.world.log("unsettled", trace_id=self.trace_id, keys=len(left), reason=why)

    def _result(self, record: Record, scores: Scores) -> Result:
        body = {
            "record_id": record.key,
            "prediction": scores.scored[record.key],
            "trace_id": record.trace_id,
            "request_trace_id": self.trace_id,
            "position": record.delivery.position,
            "arrived": record.delivery.arrived,
        }
        return Result(record.key, body)

    def _tell_failures(self, late: Mapping[str, str], delivered: int) -> None:
        if late:
            counts = Counter(late.values())
            self.world.log(
                "deliver again",
                trace_id=self.trace_id,
                delivered=delivered,
                failed=len(late),
                reasons=dict(counts.most_common(5)),
            )


@dataclass(frozen=True)
class _Answer:
    """Why keys failed, and what the model refused, by key."""

    failed: Mapping[str, str]
    refused: Mapping[str, Reject]


def _by_position(records: Sequence[Record], failed: Mapping[str, str]) -> dict[str, str]:
    return {each.delivery.position: failed[each.key] for each in records if each.key in failed}
