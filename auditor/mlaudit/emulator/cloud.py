"""The state of the emulated accounts and the one way to act on it."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from threading import RLock
from typing import Any

from mlaudit.emulator import models, shapes
from mlaudit.emulator.errors import ImpossibleReplyError, Refusal

Record = dict[str, Any]
Handler = Callable[["Call"], Record | None]
Application = Callable[[dict[str, Any], Any], Iterable[bytes]]


@dataclass(frozen=True, slots=True)
class Space:
    """Everything one account keeps in one region: records by kind and ARN, in order of creation."""

    tables: dict[str, dict[str, Record]] = field(default_factory=dict)
    counters: dict[str, int] = field(default_factory=dict)

    def table(self, kind: str) -> dict[str, Record]:
        """Return the records of one kind by ARN."""
        return self.tables.setdefault(kind, {})

    def rows(self, kind: str) -> list[Record]:
        """Return the records of one kind, oldest first."""
        return list(self.table(kind).values())

    def count(self, what: str) -> int:
        """Return how often this was asked for: ids never repeat, nor depend on chance."""
        self.counters[what] = self.counters.get(what, 0) + 1
        return self.counters[what]


@dataclass(frozen=True, slots=True)
class Door:
    """Where a request came in, and who may go through again: refused what the caller is.

    Attributes:
        enter: The server itself.
        host: The name and port the caller knows it by.
        key: The access key that the request is signed with.
    """

    enter: Application
    host: str
    key: str


@dataclass(frozen=True, slots=True)
class Call:
    """One request to one operation, with the state it acts on, and the ARN of who makes it.

    Through the door where the request came in, a service calls others on behalf of its caller.
    """

    cloud: Cloud
    service: str
    operation: str
    params: Record
    account: str
    region: str
    now: datetime
    becomes: Record
    by: str = ""
    door: Door | None = None

    @property
    def space(self) -> Space:
        """Return the state of the caller's account and region."""
        return self.cloud.space(self.account, self.region)

    def token(self, what: str, length: int = 12) -> str:
        """Return an id that is new in this account and region, and the same in every run."""
        count = f"{self.cloud.ids}{self.space.count(what)}"
        seed = f"{self.account}/{self.region}/{what}/{count}"
        return hashlib.sha256(seed.encode()).hexdigest()[:length]

    def arn(self, resource: str, namespace: str = "") -> str:
        """Return the ARN of a resource of the caller's account and region."""
        return f"arn:aws:{namespace or self.service}:{self.region}:{self.account}:{resource}"

    def invoke(
        self,
        operation: str,
        params: Record,
        *,
        now: datetime | None = None,
        becomes: Record | None = None,
        by: str | None = None,
    ) -> Record:
        """Call another operation of the same service on behalf of the caller, or of another."""
        return self.cloud.invoke(
            Call(
                cloud=self.cloud,
                service=self.service,
                operation=operation,
                params=params,
                account=self.account,
                region=self.region,
                now=now or self.now,
                becomes=becomes or {},
                by=self.by if by is None else by,
                door=self.door,
            )
        )


@dataclass(frozen=True, slots=True)
class Cloud:
    """All emulated accounts and regions of one server, and the operations they know.

    New ids are made from ``ids`` too.
    """

    handlers: Mapping[str, Mapping[str, Handler]]
    whole: frozenset[str]
    present: Callable[[], datetime]
    ids: str = ""
    spaces: dict[tuple[str, str], Space] = field(default_factory=dict)
    lock: RLock = field(default_factory=RLock)

    @property
    def now(self) -> datetime:
        """The present of the account, in UTC."""
        return self.present()

    def space(self, account: str, region: str) -> Space:
        """Return what an account keeps in a region."""
        return self.spaces.setdefault((account, region), Space())

    def knows(self, service: str, operation: str) -> bool:
        """Tell whether the operation is served here and not by moto."""
        return operation in self.handlers.get(service, {})

    def invoke(self, call: Call) -> Record:
        """Answer a call; refuse what the service would refuse.

        Raises:
            Refusal: the service would answer with an error.
            ImpossibleReplyError: the handler answered what the service cannot.
        """
        operation = models.operation(call.service, call.operation)
        if operation.input_shape is not None:
            objections = list(shapes.faults(call.params, operation.input_shape))
            if objections:
                raise Refusal(
                    models.VALIDATION_CODES.get(call.service, "ValidationException"),
                    _sentence(objections),
                )
        with self.lock:
            answer = self.handlers[call.service][call.operation](call) or {}
        return checked(call, answer)


def checked(call: Call, answer: Record) -> Record:
    """Return the answer cut to its output shape, sure that AWS could have sent it.

    Raises:
        ImpossibleReplyError: AWS could not have sent it.
    """
    shape = models.operation(call.service, call.operation).output_shape
    if shape is None:
        return {}
    cut: Record = shapes.cut(answer, shape)
    wrong = list(shapes.faults(cut, shape))
    if wrong:
        message = (
            f"{call.service}:{call.operation} would answer what AWS cannot: {'; '.join(wrong)}"
        )
        raise ImpossibleReplyError(message)
    return cut


def _sentence(objections: list[str]) -> str:
    noun = "error" if len(objections) == 1 else "errors"
    return f"{len(objections)} validation {noun} detected: {'; '.join(objections)}"
