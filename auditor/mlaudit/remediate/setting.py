"""How one kind of setting is read and written: the declared operations behind every change."""

from __future__ import annotations

import json
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any

from mlaudit.collect.operation import Operation
from mlaudit.remediate.change import Ask, Call, Document, Key, State


@dataclass(frozen=True, slots=True)
class Setting:
    """One kind of setting.

    Attributes:
        name: Its name in plans and journals, such as ``logs.retention``.
        title: What it is, in words.
        reads: Every operation that reading it may call.
        writes: Every operation that writing it may call.
        read: Reads its state; ``None`` for what is not there. A resource that is gone is not there.
            Whatever else fails raises :class:`RefusedError`.
        calls: The calls that bring it from one state to another, either of which may be ``None``.
            They must be safe to repeat from the start when the last of them failed. The first
            state is one that was read: some services want ids that only reading tells.
        arn: The ARN of what is written, for the policy of a plan; it may end in ``*``.
        ignores: Members of a state that tell how it is brought about, not what it is: they are left
            out when states are compared.
        defaults: What AWS takes for members that are left out: to name it or not is the same.
        documents: Members that hold a JSON document as text: what it says is compared.
        holds_data: Whether deleting it would delete what people or machines have written to it.
        is_settled: Whether AWS is done with the last write; ``False`` while it works on it. It
            raises :class:`FailedError` when AWS gave up.
        cannot_go_back: What undoing does not bring back, in words; empty where it all comes back.
        leaves_trace: Whether reads still show something of it once it was deleted.
    """

    name: str
    title: str
    reads: tuple[Operation, ...]
    writes: tuple[Operation, ...]
    read: Callable[[Key, Ask], State]
    calls: Callable[[Key, State, State], Sequence[Call]]
    arn: Callable[[Key, str, str], str]
    """Takes the key, the account and the region."""
    ignores: tuple[str, ...] = ()
    defaults: Document = field(default_factory=dict)
    documents: tuple[str, ...] = ()
    holds_data: Callable[[Key, Ask], bool] = field(default=lambda _key, _ask: False)
    is_settled: Callable[[Key, Ask], bool] = field(default=lambda _key, _ask: True)
    cannot_go_back: str = ""
    leaves_trace: bool = False

    def are_equal(self, one: State, other: State) -> bool:
        """Whether two states are the same thing."""
        return self.compared(one) == self.compared(other)

    def compared(self, state: State) -> State:
        """What of a state is compared: what it is, and not how it was brought about or written."""
        if state is None:
            return None
        return {
            name: _parsed(value) if name in self.documents else value
            for name, value in state.items()
            if name not in self.ignores and not self._is_default(name, value)
        }

    def _is_default(self, name: str, value: Any) -> bool:
        return name in self.defaults and bool(self.defaults[name] == value)


def _parsed(text: Any) -> Any:
    try:
        return json.loads(text)
    except ValueError:
        return text
