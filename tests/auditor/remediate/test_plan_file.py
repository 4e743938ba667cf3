"""A plan file gives back the plan, or one clear error."""

from __future__ import annotations

import json
from dataclasses import fields, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from types import MappingProxyType
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from jsonschema import Draft202012Validator

from mlaudit.errors import MlauditError
from mlaudit.remediate.bill import Amount, Bill
from mlaudit.remediate.change import Change, Pinned
from mlaudit.remediate.fix import Disposition, Kind
from mlaudit.remediate.goal import Goal
from mlaudit.remediate.plan import (
    SCHEMA_VERSION,
    FileChange,
    ForAPerson,
    LeftAlone,
    Plan,
    Promise,
    StackChange,
    Step,
    Upload,
)
from mlaudit.remediate.plan_file import (
    PlanFileError,
    digest,
    dump_plan,
    load_plan,
    read_plan,
    schema,
    write_plan,
)

JSON = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner),
    max_leaves=5,
)
STATES = st.none() | st.dictionaries(st.text(max_size=8), JSON, max_size=3)
NAMES = st.dictionaries(st.text(max_size=8), st.text(max_size=8), max_size=2)
WORDS = st.text(max_size=8)
SOME = st.lists(WORDS, max_size=2).map(tuple)
AMOUNTS = st.builds(Amount, st.integers(0, 9) | st.floats(0, 1e6), SOME, SOME)
BILLS = st.builds(Bill, AMOUNTS, AMOUNTS, AMOUNTS, AMOUNTS)
CHANGES = st.builds(Change, WORDS, NAMES, WORDS, WORDS, WORDS, patch=STATES, like=st.none() | NAMES)
FILES = {"template.yaml": b"Resources: {}\n", "code.zip": b"PK\x03\xff", "empty": b""}
FILE_NAMES = st.sampled_from(sorted(FILES))
STACKS = st.builds(
    StackChange,
    name=WORDS,
    template=FILE_NAMES,
    parameters=NAMES,
    tags=NAMES,
    capabilities=SOME,
    uploads=st.lists(st.builds(Upload, WORDS, WORDS, FILE_NAMES), max_size=2).map(tuple),
    before=st.none() | WORDS,
)
STEPS = st.builds(
    Step,
    kind=st.sampled_from(Kind),
    disposition=st.sampled_from(Disposition),
    items=SOME,
    bill=BILLS,
    changes=st.lists(CHANGES, max_size=2).map(tuple),
    pinned=st.lists(st.builds(Pinned, CHANGES, STATES, STATES, st.none() | WORDS), max_size=2).map(
        tuple
    ),
    stack=st.none() | STACKS,
    files=st.lists(st.builds(FileChange, WORDS, FILE_NAMES, WORDS), max_size=2).map(tuple),
    left_alone=st.lists(st.builds(LeftAlone, CHANGES), max_size=1).map(tuple),
)
PLANS = st.builds(
    Plan,
    schema_version=st.just(SCHEMA_VERSION),
    regions=SOME,
    scanned_at=st.datetimes(timezones=st.just(UTC)),
    goal=st.builds(Goal, workloads=SOME, items=SOME),
    workloads=SOME,
    steps=st.lists(STEPS, max_size=2).map(tuple),
    people=st.lists(st.builds(ForAPerson), max_size=1).map(tuple),
    promises=st.lists(st.builds(Promise), max_size=1).map(tuple),
    files=st.just(FILES),
)


@pytest.fixture
def plan() -> Plan:
    change = Change("logs.group", {"logGroupName": "g"}, "r", "arn", "keep", {"retentionInDays": 7})
    step = Step(
        id="01",
        fix="logs",
        kind=Kind.SETTING,
        title="Keep logs",
        workload="fraud",
        items=("3.8",),
        disposition=Disposition.SAFE,
        risk="none",
        back="undo",
        not_proven="",
        exercise="",
        effort=1,
        bill=Bill(idle=Amount(1, ("what is written",))),
        changes=(change,),
        pinned=(Pinned(change, {}, {"retentionInDays": 7}),),
        files=(FileChange("a.md", "a", "a runbook"),),
    )
    return Plan(
        schema_version=SCHEMA_VERSION,
        tool_version="1",
        account="123456789012",
        regions=("eu-west-1",),
        scanned_at=datetime(2026, 3, 14, tzinfo=UTC),
        goal=Goal(items=("3.*",)),
        workloads=("fraud",),
        steps=(step,),
        people=(),
        promises=(),
        files={"a": b"text", "b": b"\xff"},
    )


@settings(max_examples=60, deadline=timedelta(seconds=5))
@given(PLANS)
def test_what_was_written_loads_back_unchanged(plan: Plan) -> None:
    assert load_plan(dump_plan(plan)) == plan
    assert digest(load_plan(dump_plan(plan))) == digest(plan)


@settings(max_examples=20, deadline=timedelta(seconds=5))
@given(PLANS)
def test_the_document_is_valid_by_its_schema(plan: Plan) -> None:
    published = json.loads(schema())
    Draft202012Validator.check_schema(published)
    Draft202012Validator(published).validate(json.loads(dump_plan(plan)))


def test_every_field_of_the_schema_is_described() -> None:
    published = json.loads(schema())
    for kind in (published, published["$defs"]["Step"], published["$defs"]["Pinned"]):
        assert all(field["description"] for field in kind["properties"].values())


def test_equal_plans_give_equal_bytes(plan: Plan) -> None:
    turned = replace(plan, files=MappingProxyType(dict(reversed([*plan.files.items()]))))
    assert dump_plan(turned) == dump_plan(plan)
    assert digest(turned) == digest(plan) == json.loads(dump_plan(plan))["sha256"]


def test_whatever_differs_has_another_sum(plan: Plan) -> None:
    others = {
        digest(replace(plan, **{each.name: getattr(plan, each.name) * 2}))
        for each in fields(plan)
        if isinstance(getattr(plan, each.name), tuple | str) and getattr(plan, each.name)
    }
    assert len(others | {digest(plan)}) == 6


def test_a_text_is_readable_in_the_file_and_an_archive_is_whole(plan: Plan) -> None:
    files = json.loads(dump_plan(plan))["files"]
    assert files == {"a": {"text": "text"}, "b": {"base64": "/w=="}}


def test_a_file_is_written_and_read(plan: Plan, tmp_path: Path) -> None:
    path = tmp_path / "new" / "plan.json"
    write_plan(plan, path)
    assert read_plan(path) == plan
    assert path.read_text("ascii")


def edited(plan: Plan, **others: Any) -> str:
    """A document with a true sum and other members."""
    document = {**json.loads(dump_plan(plan)), **others}
    del document["sha256"]
    from mlaudit.remediate import plan_file  # noqa: PLC0415 - what nobody else should do

    return json.dumps({**document, "sha256": plan_file._sum(document)})  # noqa: SLF001


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("", "not a plan, or not all of it"),
        ("[" * 100_000, "not a plan, or not all of it"),
        ("[]", "give a file that"),
        ('{"accounts": 1}', "give a file that"),
        ('{"schema_version": 99}', "schema version 99"),
        ('{"schema_version": 1}', "changed after it was written"),
    ],
)
def test_what_is_no_plan_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(PlanFileError, match=says):
        load_plan(text)


@pytest.mark.parametrize(
    ("others", "says"),
    [
        ({"later": 1}, "has later, which this mlaudit does not know"),
        ({"goal": {"items": [], "hope": 1}}, "has goal.hope, which"),
        ({"steps": [{}]}, "steps.0.id"),
        ({"files": {}}, "lacks the file a"),
        ({"files": {"a": {"base64": "?"}}}, "files cannot be read"),
        ({"files": {"a": {"text": 3}}}, "files cannot be read"),
        ({"files": [1]}, "files cannot be read"),
    ],
)
def test_what_would_not_be_done_as_it_says_is_refused(
    plan: Plan, others: dict[str, Any], says: str
) -> None:
    with pytest.raises(PlanFileError, match=says):
        load_plan(edited(plan, **others))


def test_a_plan_cut_off_anywhere_is_refused(plan: Plan) -> None:
    text = dump_plan(plan).rstrip()
    for end in range(0, len(text), 97):
        with pytest.raises(PlanFileError):
            load_plan(text[:end])


def test_an_edit_is_found(plan: Plan) -> None:
    with pytest.raises(PlanFileError, match="changed after it was written"):
        load_plan(dump_plan(plan).replace("retentionInDays", "retentionInDay5"))


@pytest.mark.parametrize("content", [None, b"\xff\xfe"])
def test_a_file_that_cannot_be_read_is_named(content: bytes | None, tmp_path: Path) -> None:
    path = tmp_path / "plan.json"
    if content:
        path.write_bytes(content)
    with pytest.raises(MlauditError, match=r"plan\.json"):
        read_plan(path)
