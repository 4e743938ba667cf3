"""Stream records through the consumer with failures on purpose, and prove what came of them."""

from __future__ import annotations

import json
import random
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from mlaudit_reference.container.streaming.consumer import Function, Time
from mlaudit_reference.container.streaming.ports import Log, Model
from mlaudit_reference.container.streaming.processing import Plan, World
from mlaudit_reference.container.streaming.reader import OnceEach
from mlaudit_reference.container.streaming.records import Rules
from mlaudit_reference.container.streaming.scoring import Batching
from mlaudit_reference.local.stream.memory import (
    Clock,
    MemoryFailures,
    MemoryLedger,
    MemoryOutput,
    TroubledModel,
)
from mlaudit_reference.local.stream.source import Kinesis, Source
from mlaudit_reference.local.stream.trouble import Trouble, at_random

_LANES = 4
_BATCH = 50
_TWINS = 0.02
_SPOILED = 0.005
_FAILING = 0.2
_GARBAGE = b"\xff\xfe no JSON"
_TOLERANCE = 1e-6
"""A batch of another size may round the last bits of a probability otherwise."""

Record = Mapping[str, Any]


@dataclass(frozen=True)
class Proof:
    """What came of a stream.

    Attributes:
        records: Records that can be scored, each with an id of its own.
        delivered: Payloads in the stream: those, second copies of some, and spoiled ones.
        spoiled: Payloads that cannot be scored.
        failures: Calls that failed on purpose.
        crashes: Times the function died.
        invocations: Times it was called.
        copies: Results that are in the output a second time, which its reader passes over.
        lost: Records without a result, and spoiled ones that were not reported.
        doubled: Results that a reader meets twice, and reports of records that were scored.
        wrong: Results that differ from what the model says of that record.
    """

    records: int
    delivered: int
    spoiled: int
    failures: int
    crashes: int
    invocations: int
    copies: int
    lost: int
    doubled: int
    wrong: int

    @property
    def holds(self) -> bool:
        """Whether none is lost, doubled, or mistaken for another."""
        return not (self.lost or self.doubled or self.wrong)


@dataclass(frozen=True)
class Traffic:
    """What is streamed.

    Attributes:
        records: The records.
        record_id: The field that identifies them.
        breaks: A field without which the model refuses a record.
        expected: The probability of each record by its id, from scoring in a batch.
        seed: Where chance starts from.
    """

    records: Sequence[Record]
    record_id: str
    breaks: str
    expected: Mapping[str, float]
    seed: int = 0


@dataclass(frozen=True)
class _Remaining:
    """A Lambda context with a minute left."""

    aws_request_id: str = "local"

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds."""
        return 60_000


def prove(traffic: Traffic, model: Model, log: Log) -> Proof:
    """Stream the traffic to its end; every call on the way may fail or be the last of its process.

    Args:
        traffic: What is streamed.
        model: The endpoint.
        log: Takes what the consumer logs.
    """
    chance = random.Random(traffic.seed)  # noqa: S311 - chooses failures, guards nothing
    payloads, spoiled = _payloads(traffic, chance)
    trouble = Trouble(at_random(_FAILING, traffic.seed))
    clock = Clock()
    output, failures = MemoryOutput(trouble), MemoryFailures(trouble)
    asked = TroubledModel(model, trouble)
    world = World(MemoryLedger(trouble, clock.now), asked, output, failures, log)
    plan = Plan(Rules(traffic.record_id), Batching(_BATCH))
    function = Function(world, plan, time=Time(clock.now, clock.pass_by))
    source = Source(Kinesis(), [payloads[lane::_LANES] for lane in range(_LANES)], _BATCH)

    def invoke(event: Record) -> Record:
        clock.pass_by(1)
        return function.answer(event, _Remaining(), "")

    trouble.switch = lambda: source.deliver_elsewhere(invoke)
    while waiting := source.waiting():
        lane = chance.choice(waiting)
        source.deliver(lane, invoke)
        if chance.random() < _SPOILED:
            source.rewind(lane, _BATCH)
    return Proof(
        records=len(traffic.records),
        delivered=len(payloads),
        spoiled=len(spoiled),
        failures=trouble.failed,
        crashes=source.crashes,
        invocations=source.invocations,
        **_judged(traffic, output.records(), spoiled, [each.payload for each in failures.rejects]),
    )


def _payloads(traffic: Traffic, chance: random.Random) -> tuple[list[bytes], set[bytes]]:
    """The records, second copies of some, and spoiled ones, in no order; and which are spoiled."""
    good = [json.dumps(each).encode() for each in traffic.records]
    twins = chance.sample(good, int(len(good) * _TWINS))
    spoiled = {_spoiled(traffic, each, n) for n, each in enumerate(_some(traffic, chance))}
    payloads = [*good, *twins, *sorted(spoiled)]
    chance.shuffle(payloads)
    return payloads, spoiled


def _some(traffic: Traffic, chance: random.Random) -> list[Record]:
    return chance.sample(list(traffic.records), max(2, int(len(traffic.records) * _SPOILED)))


def _spoiled(traffic: Traffic, record: Record, number: int) -> bytes:
    """Every second one is no JSON; the others lack a field, which only the model can tell."""
    if number % 2:
        return _GARBAGE + str(number).encode()
    lacking = {name: value for name, value in record.items() if name != traffic.breaks}
    return json.dumps({**lacking, traffic.record_id: f"spoiled-{number}"}).encode()


def _judged(
    traffic: Traffic,
    written: Sequence[Record],
    spoiled: set[bytes],
    reported: Sequence[bytes],
) -> dict[str, int]:
    read = list(OnceEach().of(written))
    ids = {str(each[traffic.record_id]) for each in traffic.records}
    scored = {str(each["record_id"]) for each in read}
    return {
        "copies": len(written) - len(read),
        "lost": len(ids - scored) + len(spoiled - set(reported)),
        "doubled": len(read) - len(scored) + len(scored - ids) + len(set(reported) - spoiled),
        "wrong": _wrong(read, traffic.expected),
    }


def _wrong(read: Iterable[Record], expected: Mapping[str, float]) -> int:
    told = ((each["record_id"], each["prediction"]) for each in read)
    return sum(
        said["record_id"] != key or abs(said["probability"] - expected[key]) > _TOLERANCE
        for key, said in told
    )
