"""Whoever reads a plan and nothing else can decide, whatever names an account has."""

import io
import re
from collections.abc import Callable
from dataclasses import fields, is_dataclass, replace
from datetime import UTC, datetime
from typing import Any

import pytest
import yaml
from markdown_it import MarkdownIt
from markdown_it.token import Token
from rich.cells import cell_len
from rich.console import Console

from mlaudit.remediate.bill import Amount, Bill
from mlaudit.remediate.change import Change, Pinned
from mlaudit.remediate.fix import Disposition, Kind
from mlaudit.remediate.goal import Goal
from mlaudit.remediate.plan import (
    FileChange,
    ForAPerson,
    LeftAlone,
    Plan,
    Promise,
    StackChange,
    Step,
    Upload,
)
from mlaudit.thresholds import Target
from mlaudit_reports import plan_markdown, plan_terminal
from mlaudit_reports.plan_costs import money
from mlaudit_reports.plan_differences import diff, differences, wanted
from mlaudit_reports.plan_reading import Foreseen, PlanReport, summary

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")
_TEXT = ("text", "text_special")
TEMPLATE = {"Resources": {"A": {"Type": "AWS::S3::Bucket"}, "B": {"Type": "AWS::S3::Bucket"}}}


SUMMARY = """\
Plan abababababab: 3 steps for fraud in account 123456789012 (eu-west-1), toward an open streaming \
gate; it rests on what was read 2026-03-14 09:26 UTC.
Changes: 1 setting made, 1 setting changed, 1 setting deleted, 1 stack deployed; 1 step not \
applied yet, because of what comes first; 1 change not made, because others manage it.
Cost: 1.50 + unknown USD a month while nobody uses it, 0 a run, 0.25 a thousand requests, 40.00 + \
unknown a month at its maximum all the time; what waits would add 99.00 a month; what has no known \
price is named below; some prices are to be verified.
Risk: 1 needs review (02), 1 safe; mlaudit remediate --undo RUN takes back all of it but what is \
told below, and keeps what people or machines have written unless --delete-data is given.
Result: of 3 wanted items 1 pass once this is applied, as rehearsed, and 1 more once it has been \
used; worse, as rehearsed: 4.10; 2 items for people."""


def changed(name: str, **others: Any) -> Change:
    what: dict[str, Any] = {
        "kind": "logs.group",
        "key": {"logGroupName": f"/aws/{name}"},
        "region": "eu-west-1",
        "scope": f"arn:{name}",
        "about": f"keep the logs of {name} for 180 days",
        "patch": {"retentionInDays": 180},
    }
    return Change(**{**what, **others})


def step(name: str, **others: Any) -> Step:
    what: dict[str, Any] = {
        "id": "01",
        "fix": "logs",
        "kind": Kind.SETTING,
        "title": "Keep logs",
        "workload": name,
        "items": ("3.8",),
        "disposition": Disposition.SAFE,
        "risk": "Logs older than that are deleted.",
        "back": "The former retention is written again.",
        "not_proven": "",
        "exercise": "",
        "effort": 1,
        "bill": Bill(),
    }
    return Step(**{**what, **others})


def made(name: str) -> Plan:
    """A plan with everything that a plan can have, and a name in every text an account decides."""
    log, alarm = changed(name), changed(name, kind="cloudwatch.alarm", patch=None)
    tagged = {"Tags": [{"Key": name, "Value": name}], "name": name}
    steps = (
        step(
            name,
            changes=(log, alarm),
            pinned=(
                Pinned(log, None, {"retentionInDays": 180, **tagged}),
                Pinned(log, {"retentionInDays": 30}, {"retentionInDays": 180}, name),
                Pinned(alarm, {"Threshold": 1, **tagged}, None),
            ),
            left_alone=(LeftAlone(log, name),),
            bill=Bill(Amount(1.5), Amount(), Amount(0.25), Amount(40, (f"data of {name}",))),
        ),
        step(
            name,
            id="02",
            kind=Kind.CAPABILITY,
            title="Deploy the foundation",
            disposition=Disposition.NEEDS_REVIEW,
            not_proven="It has not run.",
            exercise="Run the pipeline.",
            bill=Bill(Amount(0, ("an MLflow app",), ("one KMS key",))),
            stack=StackChange(
                name=name,
                about="buckets",
                region="eu-west-1",
                template="foundation.yaml",
                from_export=None,
                parameters={name: name},
                capabilities=("CAPABILITY_IAM",),
                tags={},
                uploads=(Upload("export", name, "code.zip"),),
                before=None,
            ),
        ),
        step(
            name,
            id="03",
            title="Take the old endpoint away",
            disposition=Disposition.DISRUPTIVE,
            waits=f"an approved version of {name}",
            changes=(changed(name, patch={"retentionInDays": None, "new": name}),),
            files=(FileChange(f"docs/{name}.md", "a", f"a runbook for {name}"),),
            bill=Bill(Amount(99)),
        ),
    )
    return Plan(
        schema_version=1,
        tool_version="1",
        account="123456789012",
        regions=("eu-west-1",),
        scanned_at=datetime(2026, 3, 14, 9, 26, tzinfo=UTC),
        goal=Goal(target=Target.STREAMING),
        workloads=(name,),
        steps=steps,
        people=(
            ForAPerson("9.1", name, "Nobody can tell.", "Look for personal data.", attest=True),
            ForAPerson("2.1", name, "It takes people.", "Hire some.", attest=False),
        ),
        promises=(
            Promise("3.8", name, "fail", "pass", used=False),
            Promise("1.1", name, "fail", "partial", used=True),
            Promise("1.2", name, "fail", "fail", used=False),
        ),
        files={"foundation.yaml": yaml.safe_dump(TEMPLATE).encode(), "a": b"", "code.zip": b"PK"},
    )


def report(name: str = "fraud") -> PlanReport:
    titles = {"logs.group": "log group", "cloudwatch.alarm": "alarm"}
    foreseen = (
        Foreseen("1.1", name, "fail", "partial", f"{name} was not used", is_worse=False),
        Foreseen("4.10", "*", "pass", "fail", f"{name} has a fixed size", is_worse=True),
    )
    lost = {"logs.group": "Logs that expired."}
    return PlanReport(
        made(name),
        "ab" * 32,
        titles,
        lost,
        foreseen,
        limits=(f"What {name} answers.",),
        policies=("policy-1.json", "policy-2.json"),
        coarse=("Reads are allowed on everything.",),
    )


def drawn(told: PlanReport, *, width: int = 100, terminal: bool = False) -> str:
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=terminal,
        color_system="256" if terminal else None,
    )
    with console.capture() as capture:
        plan_terminal.render(told, console)
    return capture.get()


def flowing(told: PlanReport) -> str:
    return " ".join(drawn(told, width=2000).split())


def markdown(told: PlanReport) -> str:
    """The Markdown without what only keeps signs from meaning something."""
    return plan_markdown.render(told).replace("\\", "").replace("\u200b", "")


SHOWN: dict[str, Callable[[PlanReport], str]] = {"terminal": flowing, "markdown": markdown}


@pytest.fixture(params=SHOWN)
def text(request: pytest.FixtureRequest) -> str:
    return SHOWN[request.param](report())


@pytest.mark.parametrize(
    "says",
    [
        "/aws/fraud",
        "+ retentionInDays: 180",
        "- retentionInDays: 30",
        "- Threshold: 1",
        "in eu-west-1: keep the logs of fraud for 180 days",
        "the stack",
        "2 x AWS::S3::Bucket",
        "CAPABILITY_IAM",
        "Write",
        "docs/fraud.md",
        "a runbook for fraud",
    ],
)
def test_it_says_what_will_change(text: str, says: str) -> None:
    assert says in text


@pytest.mark.parametrize(
    "says",
    [
        "No known price: an MLflow app (a month, while nobody uses it)",
        "No known price: data of fraud (a month, at its maximum all the time)",
        "To be verified: one KMS key",
        "List prices in USD of us-east-1, as of 20",
        "Take the old endpoint away, for fraud (waits)",
    ],
)
def test_it_says_what_it_costs_and_what_nobody_knows(text: str, says: str) -> None:
    assert says in text


@pytest.mark.parametrize(
    "says",
    [
        "Logs older than that are deleted. Back: The former retention is written again.",
        "Does not come back: Logs that expired.",
        "It has not run. Then: Run the pipeline.",
        "waits for an approved version of fraud",
        "Nobody can tell. Look for personal data.",
        "which would change it back",
        "--adopt",
        "needs review",
    ],
)
def test_it_says_what_can_go_wrong_what_is_open_and_what_is_left(text: str, says: str) -> None:
    assert says in text


def test_the_first_five_lines_are_the_whole_in_short() -> None:
    lines = plan_markdown.render(report()).split("\n")[2:7]
    assert [line.partition(":")[0].split()[1] for line in lines] == [
        "Plan",
        "Changes",
        "Cost",
        "Risk",
        "Result",
    ]
    assert "\n".join(summary(report())) == SUMMARY


def test_what_was_not_rehearsed_promises_nothing() -> None:
    promises = tuple(replace(each, applied=None) for each in made("fraud").promises)
    told = PlanReport(replace(made("fraud"), promises=promises))
    assert "not rehearsed, so which of them pass is not known" in summary(told)[4]


def test_what_waits_is_in_no_sum_of_what_is_applied(text: str) -> None:
    assert "100.50" not in text
    assert re.search(r"What waits, besides \|? ?99\.00", text)
    assert re.search(r"All that is applied \|? ?1\.50 \+ unknown", text)


def test_what_nobody_looked_at_is_said_so() -> None:
    bare = step("fraud", changes=(changed("fraud"), changed("x", patch={"new": 1, "old": None})))
    text = flowing(PlanReport(replace(made("fraud"), steps=(bare,))))
    assert "nobody has looked at yet: keep the logs of fraud for 180 days" in text
    assert "2 settings changed that nobody has looked at yet" in text
    assert "+ new: 1 - old" in text


def test_markdown_tells_what_the_rehearsal_foresees_and_what_it_cannot() -> None:
    text = markdown(report())
    assert "| 4.10 | `the whole account` | pass | fail (worse) | fraud has a fixed size |" in text
    assert "- What fraud answers." in text
    assert "What the rehearsal foresees" not in markdown(PlanReport(made("fraud")))


def test_markdown_tells_what_it_must_be_allowed() -> None:
    text = markdown(report())
    assert "the policies `policy-1.json`, `policy-2.json`, beside the read-only one" in text
    assert "They allow more than it needs here:\n\n- Reads are allowed on everything.\n" in text
    assert "What it must be allowed" not in markdown(PlanReport(made("fraud")))


def test_what_is_said_of_several_steps_is_said_once() -> None:
    same = (step("fraud"), step("churn", id="02"), step("fraud", id="03", risk="Another."))
    text = markdown(PlanReport(replace(made("fraud"), steps=same)))
    assert text.count("Logs older than that are deleted.") == 1
    assert "**01, 02 Keep logs** (safe): Logs older" in text
    assert "**03 Keep logs** (safe): Another." in text


def test_steps_that_do_different_things_are_told_by_their_ids() -> None:
    some = (step("fraud"), step("fraud", id="02", title="Do something else"))
    assert "01, 02 (safe): Logs" in flowing(PlanReport(replace(made("fraud"), steps=some)))


def test_what_is_for_no_single_workload_is_for_the_account() -> None:
    told = PlanReport(made("*"))
    assert "for the whole account, items 3.8" in flowing(told)
    assert "For `the whole account`, items 3.8" in markdown(told)


def test_an_empty_plan_says_so() -> None:
    empty = replace(made("fraud"), steps=(), people=(), promises=())
    text = plan_markdown.render(PlanReport(empty))
    assert "- Changes: none." in text
    assert "Nothing is changed." in text
    assert "Changes: none." in flowing(PlanReport(empty))


def test_attestations_are_offered_as_comments_alone(text: str) -> None:
    told = plan_markdown.render(report())
    block = told.partition("```yaml\n")[2].partition("```")[0]
    assert '# - item: "9.1"' in block
    assert yaml.safe_load(block) is None
    uncommented = yaml.safe_load(re.sub(r"^# ", "", block, flags=re.MULTILINE))
    assert [each["item"] for each in uncommented] == ["9.1"]
    assert "9.1" in text


@pytest.mark.parametrize(
    ("before", "after", "paths"),
    [
        (None, {}, []),
        ({"a": 1}, {"a": 1}, []),
        (None, {"a": {"b": [1, 2]}}, ["a.b"]),
        ({"a": [{"x": 1}, {"x": 2}]}, {"a": [{"x": 1}, {"x": 3}]}, ["a[1].x"]),
        ({"t": [{"Key": "k", "Value": "1"}]}, {"t": [{"Key": "k", "Value": "2"}]}, ['t["k"]']),
        ({"b": '{"w":[{"y":1}]}'}, {"b": '{"w":[{"y":2}]}'}, ["b.w[0].y"]),
        ({"b": "{no"}, {"b": "{yes"}, ["b"]),
        ({"a.b": 1}, {"a": {"b": 1}}, ['"a.b"', "a.b"]),
        ({"a": {}}, {"a": None}, ["a"]),
        ({"a": 1}, None, ["a"]),
    ],
)
def test_each_member_that_differs_is_named(before: Any, after: Any, paths: list[str]) -> None:
    assert [each.path for each in differences(before, after)] == paths


def test_two_tags_of_one_key_are_not_taken_for_one() -> None:
    tags = [{"Key": "k", "Value": "1"}, {"Key": "k", "Value": "2"}]
    lines = diff(Pinned(changed("x"), None, {"t": tags}))
    assert [each for each in lines if "Value" in each] == ['+ t[0].Value: "1"', '+ t[1].Value: "2"']


def test_what_is_deleted_is_said_before_anybody_looked() -> None:
    assert wanted(changed("x", patch=None)) == ("- all of it",)


@pytest.mark.parametrize(
    ("amount", "cell"),
    [
        (Amount(), "0"),
        (Amount(1), "1.00"),
        (Amount(0.004), "0.004"),
        (Amount(0.000028), "0.000028"),
        (Amount(0, ("x",)), "unknown"),
        (Amount(2, ("x",)), "2.00 + unknown"),
    ],
)
def test_what_is_unknown_is_never_zero(amount: Amount, cell: str) -> None:
    assert money(amount) == cell


def _parts(token: Token) -> list[str]:
    inside = [child for child in token.children or [] if child.type not in _TEXT]
    tags = re.findall(r"</?\w+", token.content) if token.type.startswith("html") else []
    return [token.type, *tags, *(part for child in inside for part in _parts(child))]


def skeleton(text: str) -> list[str]:
    tokens = MarkdownIt("commonmark").enable("table").parse(text)
    return [part for token in tokens for part in _parts(token)]


def test_badly_chosen_names_change_nothing_but_text(hostile_name: str) -> None:
    hostile = plan_markdown.render(report(hostile_name))
    assert skeleton(hostile) == skeleton(plan_markdown.render(report("fraud")))


def test_nothing_hidden_gets_into_markdown(hostile_name: str) -> None:
    lines = plan_markdown.render(report(hostile_name)).replace("\u200b", "").split("\n")
    assert all(line.isprintable() for line in lines)


def test_nothing_but_our_own_colours_steers_the_terminal(hostile_name: str) -> None:
    drawn_lines = _COLOUR.sub("", drawn(report(hostile_name), terminal=True)).split("\n")
    assert all(line.isprintable() for line in drawn_lines)


def test_every_line_fits_the_terminal(hostile_name: str) -> None:
    lines = drawn(report(hostile_name), width=80).splitlines()
    assert max(cell_len(line) for line in lines) <= 80


def test_without_colours_nothing_but_text_is_written() -> None:
    assert "\x1b" not in drawn(report())
    assert "\x1b[32m" in drawn(report(), terminal=True)


def test_a_template_that_cannot_be_read_is_said_so() -> None:
    files = {**made("fraud").files, "foundation.yaml": b"{"}
    assert "cannot be read here" in flowing(PlanReport(replace(made("fraud"), files=files)))


@pytest.mark.parametrize("show", SHOWN.values(), ids=SHOWN)
def test_every_text_of_a_plan_is_shown(show: Callable[[PlanReport], str]) -> None:
    """Each text of the plan, marked one after another, is found; but for what was looked at."""
    unseen = {"fix", "scope", "schema_version", "tool_version", "template", "from_export"}
    unseen |= {"bucket_from_export", "file", "kind", "patch", "key", "like"}
    plan = made("fraud")
    missing = [
        path
        for path, other in _marked(plan, unseen)
        if "MARKED" not in show(PlanReport(other)) and not path.startswith("steps.0.changes.")
    ]
    assert missing == []


def _marked(value: Any, unseen: set[str]) -> list[tuple[str, Any]]:
    """A value with each of its texts replaced by a mark, one at a time."""
    if isinstance(value, tuple):
        return [
            (f"{at}.{path}", (*value[:at], other, *value[at + 1 :]))
            for at, each in enumerate(value)
            for path, other in _marked(each, unseen)
        ]
    if is_dataclass(value) and not isinstance(value, type):
        return [
            (f"{each.name}.{path}", replace(value, **{each.name: other}))
            for each in fields(value)
            if each.name not in unseen
            for path, other in _marked(getattr(value, each.name), unseen)
        ]
    return [("", "MARKED")] if type(value) is str and value else []
