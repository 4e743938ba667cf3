"""Which errands there are, and what cannot be one."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

BAD: dict[str, tuple[tuple[str, ...], str]] = {
    "two errands": (("--undo", "a", "--verify", "b"), "different errands: give one"),
    "a goal with an errand": (("--undo", "a", "--items", "6.*"), "give no goal"),
    "plan and undo": (("--undo", "a", "--plan-only"), "--plan-only plans"),
    "the demonstration of a run": (("--demo", "--undo", "a"), "--demo does all of it"),
    "applying to a snapshot": (("--from", "x.json"), "add --plan-only"),
    "data without undoing": (("--delete-data",), "--delete-data goes with --undo"),
    "a run that is not there": (("--undo", "20200101T0000-0000"), "There is no run"),
    "a plan that is not there": (("--apply", "missing.json", "--yes"), "cannot be read"),
    "a replacement of nothing": (
        ("--from", "{seen}", "--plan-only", "--replace", "old"),
        "--replace takes OLD=NEW",
    ),
    "one manifest for all": (
        ("--from", "{seen}", "--plan-only", "--manifest", "pipeline.yaml"),
        "--manifest FILE is for one workload",
    ),
    "an unknown workload": (
        ("--from", "{seen}", "--plan-only", "--workload", "frud"),
        "There is no workload 'frud'",
    ),
    "an unknown item": (
        ("--from", "{seen}", "--plan-only", "--items", "6.x"),
        "No item of the checklist is called '6.x'",
    ),
    "an unknown level": (
        ("--from", "{seen}", "--plan-only", "--level", "best"),
        "There is no maturity level 'best'",
    ),
}


@pytest.mark.parametrize("case", BAD)
def test_bad_input_is_one_sentence(
    case: str, seen: Path, elsewhere: Path, end: Callable[..., Any]
) -> None:
    arguments, message = BAD[case]
    ended = end("remediate", *(each.format(seen=seen) for each in arguments))
    assert (ended.code, ended.out) == (2, "")
    assert message in ended.err
    assert ended.err.count("\n") == 1
    assert [each for each in elsewhere.rglob("*") if each.is_file()] == []


def test_a_plan_made_offline_is_for_reading(
    seen: Path, elsewhere: Path, end: Callable[..., Any], run: Callable[..., Any]
) -> None:
    planned = run("remediate", "--from", seen, "--plan-only", "--items", "6.latency", "--quiet")
    assert planned.exit_code == 0, planned.output
    ended = end("remediate", "--apply", str(elsewhere / "out/remediate/plan.json"), "--yes")
    assert (ended.code, "it is for reading" in ended.err) == (2, True)
