"""Plays state machines with a real JSONata interpreter; what they call answers by a table.

Run as a program in an environment that has ``jsonata-python``: plays come in on stdin as JSON, and
what happened goes out on stdout. It knows what the machines here use of the Amazon States Language:
Task, Choice, Map, Pass, Wait, Succeed and Fail, with Assign, Output, Catch and JSONata.
"""

from __future__ import annotations

import json
import sys
import uuid
from collections.abc import Mapping
from importlib import import_module
from typing import Any

EXECUTION = {"Id": "arn:execution", "Name": "name", "StartTime": "2027-01-01T00:00:00Z"}
MOST = 500
"""States of one play: more of them are a loop without end."""

TRY = {"State": {"RetryCount": 0}}
"""What a state is told of itself."""


class Failure(Exception):  # noqa: N818 - the word of the language
    """A state failed, with its error and its cause."""

    def __init__(self, error: str, cause: str) -> None:
        """Keep both."""
        super().__init__(f"{error}: {cause}")
        self.error, self.cause = error, cause


class Play:
    """One execution."""

    def __init__(self, answers: Mapping[str, list[Any]]) -> None:
        """Start with what calls answer, by states, one after the other; the last one stays."""
        self._answers = {name: list(some) for name, some in answers.items()}
        self.calls: list[dict[str, Any]] = []
        self.visited: list[str] = []

    def run(self, machine: Mapping[str, Any], given: Any, known: dict[str, Any]) -> Any:
        """Run the states of a machine or of an item processor, and return what they put out."""
        name = machine["StartAt"]
        while True:
            self.visited.append(name)
            if len(self.visited) > MOST:
                raise Failure("States.Runtime", "no end in sight")
            state = machine["States"][name]
            given, then = self._step(name, state, given, known)
            if then is None:
                return given
            name = then

    def _step(
        self, name: str, state: Mapping[str, Any], given: Any, known: dict[str, Any]
    ) -> tuple[Any, str | None]:
        kind = state["Type"]
        if kind == "Choice":
            return given, self._chosen(state, given, known)
        if kind == "Fail":
            raise Failure(state["Error"], _filled(state["Cause"], {"input": given}, known))
        states: dict[str, Any] = {"input": given}
        try:
            states["result"] = self._result(name, state, states, known)
        except Failure as failure:
            return self._caught(state, failure, states, known)
        output = _filled(state.get("Output", "{% $states.result %}"), states, known)
        known |= {each: _filled(value, states, known) for each, value in _assigned(state)}
        return output, None if state.get("End") or kind == "Succeed" else state["Next"]

    def _result(
        self, name: str, state: Mapping[str, Any], states: Mapping[str, Any], known: dict[str, Any]
    ) -> Any:
        if state["Type"] == "Task":
            arguments = _filled(state["Arguments"], states, known)
            self.calls.append({"state": name, "call": state["Resource"], "arguments": arguments})
            return self._answer(name)
        if state["Type"] == "Map":
            items = _filled(state["Items"], states, known)
            return [self.run(state["ItemProcessor"], each, dict(known)) for each in items]
        return states["input"]

    def _answer(self, name: str) -> Any:
        left = self._answers.get(name, [{}])
        answer = left.pop(0) if len(left) > 1 else left[0]
        if isinstance(answer, dict) and "error" in answer:
            raise Failure(answer["error"], answer.get("cause", ""))
        return answer

    def _chosen(self, state: Mapping[str, Any], given: Any, known: dict[str, Any]) -> str:
        for rule in state["Choices"]:
            holds = _filled(rule["Condition"], {"input": given}, known)
            if not isinstance(holds, bool):
                raise Failure("States.QueryEvaluationError", f"{rule['Condition']} is no boolean")
            if holds:
                return str(rule["Next"])
        return str(state["Default"])

    def _caught(
        self,
        state: Mapping[str, Any],
        failure: Failure,
        states: Mapping[str, Any],
        known: dict[str, Any],
    ) -> tuple[Any, str]:
        output = {"Error": failure.error, "Cause": failure.cause}
        for rule in state.get("Catch", ()):
            if {"States.ALL", failure.error} & set(rule["ErrorEquals"]):
                seen = {**states, "errorOutput": output}
                known |= {each: _filled(value, seen, known) for each, value in _assigned(rule)}
                return _filled(rule.get("Output", output), seen, known), rule["Next"]
        raise failure


def _assigned(holder: Mapping[str, Any]) -> list[tuple[str, Any]]:
    return list(holder.get("Assign", {}).items())


def _filled(value: Any, states: Mapping[str, Any], known: Mapping[str, Any]) -> Any:
    """A value with its JSONata evaluated; an expression that gives nothing is an error."""
    if isinstance(value, dict):
        return {key: _filled(each, states, known) for key, each in value.items()}
    if isinstance(value, list):
        return [_filled(each, states, known) for each in value]
    if not (isinstance(value, str) and value.startswith("{%")):
        return value
    jsonata = import_module("jsonata")
    expression = jsonata.Jsonata(value.removeprefix("{%").removesuffix("%}").strip())
    expression.assign("states", {**states, "context": {"Execution": EXECUTION, **TRY}})
    expression.register_lambda("uuid", lambda: str(uuid.uuid4()))
    expression.register_lambda("parse", _parsed)
    for name, each in known.items():
        expression.assign(name, each)
    try:
        found = expression.evaluate(None)
    except jsonata.jexception.JException as wrong:
        raise Failure("States.QueryEvaluationError", f"{value}: {wrong}") from wrong
    if found is None:
        raise Failure("States.QueryEvaluationError", f"nothing comes of {value}")
    return found


def _parsed(text: str) -> Any:
    return json.loads(text)


def played(play: Mapping[str, Any]) -> dict[str, Any]:
    """Play one machine."""
    running = Play(play["answers"])
    told: dict[str, Any] = {"status": "SUCCEEDED"}
    try:
        told["output"] = running.run(play["definition"], play["input"], {})
    except Failure as failure:
        told |= {"status": "FAILED", "error": failure.error, "cause": failure.cause}
    return {**told, "visited": running.visited, "calls": running.calls}


if __name__ == "__main__":
    json.dump([played(each) for each in json.load(sys.stdin)], sys.stdout)
