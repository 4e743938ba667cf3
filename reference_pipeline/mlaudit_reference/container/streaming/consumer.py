"""The Lambda function between an event source and the endpoint: ``consumer.handle``.

Source (Kinesis, or Kafka on Amazon MSK) → this function → SageMaker endpoint → output stream.

What is promised
    *From the source, at least once.* A record is acknowledged only when its result is known to be
    in the output stream, or its report in the failure destination. Whatever fails, and wherever the
    function is killed, what was not acknowledged comes again.

    *In the output, effectively once by record id.* The ledger (a DynamoDB table) keeps ids that are
    done from being scored again. One gap stays, as two services cannot be written at once: when the
    function dies, or a call is answered with an error and had its effect all the same, between
    storing a result and settling its id, the next delivery stores that result a second time. The
    reader closes it by keeping each id once (``reader.OnceEach``, or ``row_number()`` in SQL). The
    same holds for the failure destination, by ``position``.

    *Poison does not block.* A record that cannot be decoded, lacks what it must have, or is refused
    by the model (halving finds it among its batch) goes to the failure destination with its reason,
    its trace id and its payload. It is acknowledged, and may be repaired and sent again under the
    same id.

What is not promised
    Order between different ids. And the source forgets: a record older than its retention is gone,
    and a mapping with a limit on retries sends what exceeds it to the mapping's own on-failure
    destination. So the limit on retries must outlast an outage of the endpoint and the lease, which
    is the function's timeout.

The event source mapping needs ``FunctionResponseTypes: [ReportBatchItemFailures]``, and
``BisectBatchOnFunctionError`` for a crash that one record causes.

Environment
    ``ENDPOINT_NAME``, ``OUTPUT_STREAM``, ``LEDGER_TABLE``, ``FAILURE_QUEUE_URL`` and
    ``RECORD_ID_FIELD`` must be set. ``REQUIRED_FIELDS`` (names with commas between),
    ``BATCH_RECORDS`` [100], ``ATTEMPTS`` [4], ``LEDGER_DAYS`` [8] and ``INFERENCE_COMPONENT`` may.
"""

from __future__ import annotations

import os
import time
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from functools import cache
from typing import Any, Protocol

from mlaudit_reference.container.streaming.events import deliveries, response, traced
from mlaudit_reference.container.streaming.patience import Patience
from mlaudit_reference.container.streaming.processing import Consumer, Plan, World
from mlaudit_reference.container.streaming.records import Rules
from mlaudit_reference.container.streaming.scoring import Batching

_RESERVE = 2.0
"""Seconds before the function's end after which nothing is tried again."""
_SKEW = 2.0
"""Seconds that clocks may differ by; a lease ends so much later than the function."""
_DAY = 86_400


class SettingsError(Exception):
    """The function's environment lacks something, or holds what makes no sense."""


class Context(Protocol):
    """What is used of Lambda's context."""

    @property
    def aws_request_id(self) -> str:
        """What Lambda calls this invocation."""
        ...

    def get_remaining_time_in_millis(self) -> int:
        """Milliseconds until the function is ended."""
        ...


@dataclass(frozen=True)
class Settings:
    """The function's environment; the module says what each is."""

    endpoint: str
    output: str
    table: str
    failures: str
    plan: Plan
    attempts: int
    kept: int
    component: str

    @classmethod
    def of(cls, environment: Mapping[str, str]) -> Settings:
        """Read them.

        Raises:
            SettingsError: One is missing, or is no whole number above 0.
        """
        required = environment.get("REQUIRED_FIELDS", "").split(",")
        rules = Rules(
            _text(environment, "RECORD_ID_FIELD"),
            tuple(each.strip() for each in required if each.strip()),
        )
        return cls(
            endpoint=_text(environment, "ENDPOINT_NAME"),
            output=_text(environment, "OUTPUT_STREAM"),
            table=_text(environment, "LEDGER_TABLE"),
            failures=_text(environment, "FAILURE_QUEUE_URL"),
            plan=Plan(rules, Batching(_number(environment, "BATCH_RECORDS", 100))),
            attempts=_number(environment, "ATTEMPTS", 4),
            kept=_number(environment, "LEDGER_DAYS", 8) * _DAY,
            component=environment.get("INFERENCE_COMPONENT", ""),
        )


@dataclass(frozen=True)
class Time:
    """The clock, in seconds since the epoch, and what waits."""

    clock: Callable[[], float] = time.time
    pause: Callable[[float], None] = time.sleep


@dataclass(frozen=True)
class Function:
    """The function with all it needs, made once and used for every event.

    Attributes:
        world: What it asks and where it writes.
        plan: How it works on records.
        attempts: Tries of one call.
        time: The clock.
    """

    world: World
    plan: Plan
    attempts: int = 4
    time: Time = Time()

    def answer(self, event: Mapping[str, Any], context: Context, trace_id: str) -> dict[str, Any]:
        """Work on one event. Returns what Lambda wants: the first failure of each lane.

        Raises:
            EventError: The event is of no source that is known here.
        """
        now = self.time.clock()
        ends = now + context.get_remaining_time_in_millis() / 1000
        consumer = Consumer(
            self.world,
            self.plan,
            Patience(self.attempts, ends - _RESERVE, self.time.clock, self.time.pause),
            ends + _SKEW,
            traced(trace_id, context.aws_request_id, now),
        )
        return response(consumer.consume(deliveries(event)))


def handle(event: Mapping[str, Any], context: Context) -> dict[str, Any]:
    """Lambda's handler.

    Raises:
        SettingsError: The environment is not complete.
        EventError: The event is of no source that is known here.
    """
    return _function().answer(event, context, os.environ.get("_X_AMZN_TRACE_ID", ""))


@cache
def _function() -> Function:
    from mlaudit_reference.container.streaming.clients import world  # noqa: PLC0415 - boto3 is slow

    settings = Settings.of(os.environ)
    return Function(world(settings), settings.plan, settings.attempts)


def _text(environment: Mapping[str, str], name: str) -> str:
    if not environment.get(name):
        raise SettingsError(f"The environment variable {name} is not set.")
    return environment[name]


def _number(environment: Mapping[str, str], name: str, default: int) -> int:
    text = environment.get(name, str(default))
    if not text.isdecimal() or int(text) < 1:
        raise SettingsError(f"{name} must be a whole number above 0, not {text!r}.")
    return int(text)
