"""Whatever fails, and in whatever order: no record is lost, and each id comes out once."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from mlaudit_reference.container.streaming.consumer import Function, Time
from mlaudit_reference.container.streaming.ports import Model, RefusedError
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
from mlaudit_reference.local.stream.source import Kafka, Kinesis, Shape, Source
from mlaudit_reference.local.stream.trouble import Fault, Trouble

MOST_INVOCATIONS = 2_000
ATTEMPTS = 3
ANY_FAULTS = st.lists(st.sampled_from(Fault), max_size=60)
BREAKS_THE_MODEL = -1
NO_RECORD = b"no JSON"

# A record is an id and a value; the same id may come several times, on any lane.
A_RECORD = st.tuples(st.integers(0, 12), st.sampled_from([1, 2, BREAKS_THE_MODEL]))
A_PAYLOAD = st.one_of(A_RECORD.map(lambda r: json.dumps({"id": r[0], "x": r[1]}).encode()),
                      st.just(NO_RECORD))  # fmt: skip
LANES = st.lists(st.lists(A_PAYLOAD, max_size=10), min_size=1, max_size=3)


class Doubling:
    """A model that doubles ``x``, and refuses a request in which one is negative."""

    def score(self, lines: Sequence[bytes], trace_id: str) -> Sequence[Any]:
        assert trace_id
        records = [json.loads(each) for each in lines]
        if any(each["x"] < 0 for each in records):
            raise RefusedError("x is negative")
        return [each["x"] * 2 for each in records]


@dataclass(frozen=True)
class Remaining:
    aws_request_id: str = "request"

    def get_remaining_time_in_millis(self) -> int:
        return 60_000


class Run:
    """A source, a consumer and all between, under a schedule of failures."""

    def __init__(
        self,
        lanes: Sequence[Sequence[bytes]],
        faults: Sequence[Fault],
        shape: Shape,
        model: Model | None = None,
    ) -> None:
        self.trouble = Trouble(faults)
        self.clock = Clock()
        self.output = MemoryOutput(self.trouble)
        self.failures = MemoryFailures(self.trouble)
        self.told: list[str] = []
        world = World(
            MemoryLedger(self.trouble, self.clock.now),
            TroubledModel(model or Doubling(), self.trouble),
            self.output,
            self.failures,
            lambda event, **_: self.told.append(event),
        )
        plan = Plan(Rules("id", ("x",)), Batching(4))
        self.function = Function(world, plan, ATTEMPTS, Time(self.clock.now, self.clock.pass_by))
        self.source = Source(shape, lanes, batch=6)
        self.trouble.switch = lambda: self.source.deliver_elsewhere(self.invoke)

    def invoke(self, event: Mapping[str, Any]) -> Mapping[str, Any]:
        self.clock.pass_by(1)
        return self.function.answer(event, Remaining(), "")

    def to_the_end(self) -> None:
        while waiting := self.source.waiting():
            for lane in waiting:
                self.source.deliver(lane, self.invoke)
            assert self.source.invocations < MOST_INVOCATIONS, "it does not come to an end"

    def read(self) -> dict[str, int]:
        """What a reader that keeps each id once is left with."""
        read = list(OnceEach().of(self.output.records()))
        assert len(read) == len({each["record_id"] for each in read})
        return {each["record_id"]: each["prediction"] for each in read}


def scorable(payloads: Sequence[bytes]) -> dict[str, set[int]]:
    """The values under which each id may come out."""
    found: dict[str, set[int]] = {}
    for each in payloads:
        if each == NO_RECORD or (record := json.loads(each))["x"] < 0:
            continue
        found.setdefault(str(record["id"]), set()).add(record["x"] * 2)
    return found


@pytest.mark.parametrize("shape", [Kinesis(), Kafka()], ids=["kinesis", "kafka"])
@given(lanes=LANES, faults=ANY_FAULTS, rewinds=st.lists(st.integers(0, 9), max_size=3))
@settings(max_examples=150, deadline=None)
def test_none_is_lost_and_none_is_doubled(
    shape: Shape, lanes: list[list[bytes]], faults: list[Fault], rewinds: list[int]
) -> None:
    run = Run(lanes, faults, shape)
    run.to_the_end()
    for by in rewinds:
        run.source.rewind(by % len(lanes), by)
        run.to_the_end()
    expected = scorable([each for lane in lanes for each in lane])
    read = run.read()
    assert set(read) == set(expected)
    assert all(read[key] in expected[key] for key in read)


@given(lanes=LANES, faults=ANY_FAULTS)
@settings(max_examples=150, deadline=None)
def test_every_record_that_cannot_be_scored_is_reported(
    lanes: list[list[bytes]], faults: list[Fault]
) -> None:
    run = Run(lanes, faults, Kinesis())
    run.to_the_end()
    done = set(run.read())
    reported = {each.position: each.payload for each in run.failures.rejects}
    garbage = sum(each == NO_RECORD for lane in lanes for each in lane)
    assert sum(each == NO_RECORD for each in reported.values()) == garbage
    ids = {json.loads(each)["id"] for lane in lanes for each in lane if each != NO_RECORD}
    refused = {json.loads(each)["id"] for each in reported.values() if each != NO_RECORD}
    assert {str(each) for each in ids} == done | {str(each) for each in refused}


@given(lanes=LANES, failing=st.lists(st.sampled_from([Fault.NONE, Fault.REFUSED, Fault.PARTLY,
                                                      Fault.SWITCH]), max_size=60))  # fmt: skip
@settings(max_examples=100, deadline=None)
def test_calls_that_fail_without_effect_leave_no_copy(
    lanes: list[list[bytes]], failing: list[Fault]
) -> None:
    """Only a crash, or an answer that was not heard, can leave a second copy in the stream."""
    run = Run(lanes, failing, Kinesis())
    run.to_the_end()
    written = Counter(each["record_id"] for each in run.output.records())
    reported = Counter(each.position for each in run.failures.rejects)
    unsettled = run.told.count("unsettled")
    assert unsettled or set(written.values()) <= {1}
    assert unsettled or set(reported.values()) <= {1}


ONE_LANE = [*(json.dumps({"id": n, "x": 1}).encode() for n in range(8)), NO_RECORD,
            json.dumps({"id": 9, "x": BREAKS_THE_MODEL}).encode()]  # fmt: skip


@pytest.mark.parametrize("times", [1, ATTEMPTS])
@pytest.mark.parametrize("fault", [each for each in Fault if each is not Fault.NONE])
def test_a_fault_at_each_call_in_turn_loses_nothing(fault: Fault, times: int) -> None:
    calls = sum(ended([]).trouble.counts.values())
    assert calls > 10
    for place in range(calls):
        run = ended([Fault.NONE] * place + [fault] * times)
        assert run.read() == {str(n): 2 for n in range(8)}
        assert {each.payload for each in run.failures.rejects} == set(ONE_LANE[8:])


def test_the_gap_that_the_reader_closes_is_real() -> None:
    calls = sum(ended([]).trouble.counts.values())
    runs = [ended([Fault.NONE] * place + [Fault.CRASH_AFTER]) for place in range(calls)]
    assert max(len(each.output.records()) for each in runs) > 8


class Echo:
    """A model that takes whatever is JSON."""

    def score(self, lines: Sequence[bytes], trace_id: str) -> Sequence[Any]:
        assert trace_id
        return [json.loads(each) for each in lines]


JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = st.dictionaries(st.sampled_from(["id", "x", "trace_id", "y"]), JSON)


@given(st.lists(st.binary(max_size=20) | FIELDS.map(lambda each: json.dumps(each).encode())))
@settings(max_examples=300, deadline=None)
def test_nothing_in_a_record_brings_the_consumer_down(payloads: list[bytes]) -> None:
    run = Run([payloads], [], Kinesis(), Echo())
    run.to_the_end()
    assert run.source.crashes == 0
    rejected = {each.position for each in run.failures.rejects}
    ids = {json.loads(p)["id"] for n, p in enumerate(payloads) if not _ends(rejected, n)}
    assert {str(each) for each in ids} == {each["record_id"] for each in run.output.records()}


def _ends(positions: set[str], place: int) -> bool:
    return any(each.endswith(f":{place}") for each in positions)


def test_two_lanes_with_the_same_id_do_not_work_on_it_at_once() -> None:
    twin = [json.dumps({"id": 1, "x": 1}).encode()]
    run = Run([twin, twin], [Fault.NONE, Fault.SWITCH], Kinesis())
    run.to_the_end()
    assert len(run.output.records()) == 1
    assert run.told.count("deliver again") == 1


def test_the_repair_of_a_refused_record_is_scored_under_the_same_id() -> None:
    bad, repaired = ({"id": 1, "x": each} for each in (BREAKS_THE_MODEL, 3))
    run = Run([[json.dumps(each).encode() for each in (bad, repaired)]], [], Kinesis())
    run.to_the_end()
    assert run.read() == {"1": 6}
    assert [each.reason for each in run.failures.rejects] == ["x is negative"]
    assert run.source.invocations == 2, "it does not wait for the lease to end"


def test_an_id_that_looks_like_a_position_hides_no_reject() -> None:
    position = "arn:aws:kinesis:eu-west-1:123456789012:stream/records/shardId-000000000000:0"
    strange = json.dumps({"id": f"rejected:{position}", "x": 1}).encode()
    run = Run([[NO_RECORD, strange]], [], Kinesis())
    run.to_the_end()
    assert [each.position for each in run.failures.rejects] == [position]
    assert len(run.read()) == 1


def ended(faults: Sequence[Fault]) -> Run:
    run = Run([ONE_LANE], faults, Kinesis())
    run.to_the_end()
    return run
