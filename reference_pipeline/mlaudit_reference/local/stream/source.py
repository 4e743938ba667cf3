"""A stream with an event source mapping, as Lambda works through one.

Each lane is read in order from its checkpoint. An error of the function halves the batch and
delivers the first half again; ``batchItemFailures`` moves the checkpoint up to the failure that it
names. A delivery that was acknowledged may come again all the same (at least once), which
``rewind`` brings about.
"""

from __future__ import annotations

import base64
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, Protocol

from mlaudit_reference.local.stream.trouble import CrashError

_ARN = "arn:aws:kinesis:eu-west-1:123456789012:stream/records"
_TOPIC = "records"

Invoke = Callable[[Mapping[str, Any]], Mapping[str, Any]]


class Shape(Protocol):
    """How a source writes its events."""

    def event(self, lane: int, start: int, payloads: Sequence[bytes]) -> dict[str, Any]:
        """The event that carries some payloads of a lane."""
        ...

    def place(self, identifier: Any) -> int:
        """The place in its lane that an ``itemIdentifier`` names."""
        ...


class Kinesis:
    """Events as Kinesis has them."""

    def event(self, lane: int, start: int, payloads: Sequence[bytes]) -> dict[str, Any]:
        """A list of records of one shard."""
        shard = f"shardId-{lane:012d}"
        return {
            "Records": [
                {
                    "eventSource": "aws:kinesis",
                    "eventSourceARN": _ARN,
                    "eventID": f"{shard}:{place}",
                    "kinesis": {
                        "sequenceNumber": str(place),
                        "partitionKey": str(place),
                        "data": base64.b64encode(each).decode(),
                        "approximateArrivalTimestamp": 1_700_000_000.0,
                    },
                }
                for place, each in enumerate(payloads, start)
            ]
        }

    def place(self, identifier: Any) -> int:
        """A sequence number."""
        return int(identifier)


class Kafka:
    """Events as Amazon MSK has them."""

    def event(self, lane: int, start: int, payloads: Sequence[bytes]) -> dict[str, Any]:
        """Records by topic and partition."""
        records = [
            {
                "topic": _TOPIC,
                "partition": lane,
                "offset": place,
                "timestamp": 1_700_000_000_000,
                "timestampType": "CREATE_TIME",
                "value": base64.b64encode(each).decode(),
                "headers": [],
            }
            for place, each in enumerate(payloads, start)
        ]
        return {"eventSource": "aws:kafka", "records": {f"{_TOPIC}-{lane}": records}}

    def place(self, identifier: Any) -> int:
        """A partition and an offset."""
        return int(identifier["offset"])


@dataclass
class Source:
    """A stream and where its mapping stands.

    Attributes:
        shape: How events are written.
        lanes: The payloads of each shard or partition.
        batch: Records of one delivery at most.
        done: How many records of each lane are acknowledged.
        invocations: How often the function was called.
        crashes: How often it died.
        busy: Lanes that are being delivered; the mapping never delivers one twice at a time.
    """

    shape: Shape
    lanes: Sequence[Sequence[bytes]]
    batch: int = 100
    done: list[int] = field(init=False)
    size: list[int] = field(init=False)
    busy: list[int] = field(default_factory=list)
    invocations: int = 0
    crashes: int = 0

    def __post_init__(self) -> None:
        """Begin at the start of each lane."""
        self.done = [0] * len(self.lanes)
        self.size = [self.batch] * len(self.lanes)

    def waiting(self) -> list[int]:
        """The lanes that have records left."""
        return [n for n, each in enumerate(self.lanes) if self.done[n] < len(each)]

    def deliver(self, lane: int, invoke: Invoke) -> None:
        """Deliver the next batch of a lane, and go by what becomes of it."""
        start = self.done[lane]
        payloads = self.lanes[lane][start : start + self.size[lane]]
        self.invocations += 1
        self.busy.append(lane)
        try:
            answer = invoke(self.shape.event(lane, start, payloads))
        except CrashError:
            self.crashes += 1
            self.size[lane] = max(1, len(payloads) // 2)
            return
        finally:
            self.busy.remove(lane)
        places = [self.shape.place(each["itemIdentifier"]) for each in answer["batchItemFailures"]]
        self.done[lane] = min(places, default=start + len(payloads))
        self.size[lane] = self.batch

    def deliver_elsewhere(self, invoke: Invoke) -> None:
        """Deliver a lane that is not being delivered: an invocation in the middle of another."""
        free = [each for each in self.waiting() if each not in self.busy]
        if free:
            self.deliver(free[0], invoke)

    def rewind(self, lane: int, by: int) -> None:
        """Forget the latest acknowledgements of a lane, as a source may."""
        self.done[lane] = max(0, self.done[lane] - by)
