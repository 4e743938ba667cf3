"""``mlaudit attest`` adds a word to the configuration, and a scan then takes it for what it is."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
from typer.testing import Result

from mlaudit.config import load_config
from mlaudit.model import FOR_A_PERSON

Run = Callable[..., Result]
SAID = ("--who", "jo", "--link", "https://x.example/1", "--statement", "Two people review it.")
TODAY = datetime.now(UTC).date()


def test_a_word_is_added_and_the_item_is_shown(run: Run, elsewhere: Path) -> None:
    (elsewhere / "mlaudit.yaml").write_text("# ours\nwindow_days: 30\n")
    result = run("attest", "5.1", "--workload", "fraud", *SAID, "--days", 30)
    assert (result.exit_code, result.stderr) == (0, "")
    lines = result.stdout.splitlines()
    assert lines[0] == "5.1 Local code checks"
    assert lines[1].startswith("Asks: ")
    assert lines[2].startswith("Counts: ")
    assert (elsewhere / "mlaudit.yaml").read_text().startswith("# ours\nwindow_days: 30\natt")
    config = load_config(None)
    (word,) = config.declarations.attestations
    assert (word.item, word.workload, word.who) == ("5.1", "fraud", "jo")
    assert word.expires - word.when == timedelta(days=30)
    assert config.window_days == 30
    assert [path.name for path in elsewhere.iterdir()] == ["mlaudit.yaml"]


def test_a_file_is_made_where_there_is_none(run: Run, elsewhere: Path) -> None:
    assert run("attest", "5.1", "--workload", "*", *SAID, "--config", "new.yaml").exit_code == 0
    (word,) = load_config(elsewhere / "new.yaml").declarations.attestations
    assert word.expires - word.when == timedelta(days=90)


def test_a_dry_run_writes_nothing(run: Run, elsewhere: Path) -> None:
    result = run("attest", "5.1", "--workload", "fraud", *SAID, "--dry-run")
    assert result.exit_code == 0
    assert "Would add to mlaudit.yaml" in result.stdout
    assert list(elsewhere.iterdir()) == []


def test_what_is_printed_does_not_steer_the_terminal(run: Run, elsewhere: Path) -> None:
    said = ("--who", "\x1b[31mjo", "--link", "https://x.example/1", "--statement", "a\x1b]8;;b")
    result = run("attest", "5.1", "--workload", "\x1b[2J", *said)
    assert result.exit_code == 0
    assert "\x1b" not in result.output
    assert "\x1b" not in (elsewhere / "mlaudit.yaml").read_text()


REFUSED = {
    "an unknown item": (("5.99",), "There is no item '5.99'; the nearest are 5.9, "),
    "the gate": (("4.6",), "The streaming item is decided by its gate"),
    "too long": (("5.1", "--days", "181"), "--days must be between 1 and 180, not 181."),
    "no time": (("5.1", "--days", "0"), "--days must be between 1 and 180, not 0."),
    "said before": (("5.2",), "Item 5.2 of fraud is already declared in attestations.0"),
    "a link that acts": (("5.1", "--link", "javascript:x"), "attestations.1.link: "),
    "an empty statement": (("5.1", "--statement", " "), "attestations.1.statement: "),
    "no audit": (("5.1", "--audit", "missing.json"), "missing.json cannot be read"),
    "an audit that is none": (("5.1", "--audit", "mlaudit.yaml"), "This is not an audit"),
    "a configuration in a folder": (("5.1", "--config", "."), "cannot be read"),
}


@pytest.mark.parametrize(("arguments", "says"), REFUSED.values(), ids=REFUSED)
def test_a_refusal_is_one_sentence_and_changes_nothing(
    arguments: tuple[str, ...], says: str, run: Run, end: Callable[..., Any], elsewhere: Path
) -> None:
    assert run("attest", "5.2", "--workload", "fraud", *SAID).exit_code == 0
    before = (elsewhere / "mlaudit.yaml").read_bytes()
    ended = end("attest", "--workload", "fraud", *SAID, *arguments)
    assert (ended.code, ended.out) == (2, "")
    assert ended.err.startswith("mlaudit: error: ")
    assert says in ended.err
    assert ended.err.count("\n") == 1
    assert (elsewhere / "mlaudit.yaml").read_bytes() == before


@pytest.fixture
def audited(run: Run, seen: Path, elsewhere: Path) -> dict[str, Any]:
    """Audit the small snapshot into the working folder."""
    run("report", seen, "--format", "json", "--out", ".", "--quiet")
    audit: dict[str, Any] = json.loads((elsewhere / "audit.json").read_text())
    return audit


def test_what_a_scan_contradicts_is_refused_and_both_are_told(
    audited: dict[str, Any], end: Callable[..., Any], elsewhere: Path
) -> None:
    items = audited["workloads"][0]["items"]
    item = next(each for each in items if each["status"] in {"fail", "partial"})
    for workload in ("fraud", "*"):
        given = ("--workload", workload, "--audit", "audit.json")
        ended = end("attest", item["id"], *given, *SAID)
        assert (ended.code, ended.out) == (2, "")
        assert "jo attests item" in ended.err
        assert "Two people review it" in ended.err
        assert item["summary"] in ended.err
    assert not (elsewhere / "mlaudit.yaml").exists()


@pytest.mark.usefixtures("audited")
def test_what_a_scan_does_not_contradict_is_taken(run: Run, end: Callable[..., Any]) -> None:
    given = ("--audit", "audit.json", *SAID)
    assert run("attest", "5.1", "--workload", "fraud", *given).exit_code == 0
    ended = end("attest", "5.1", "--workload", "fruad", *given)
    assert ended.code == 2
    assert "audit.json has no workload 'fruad'; it has fraud." in ended.err


DECLARED = """
attestations:
  - {{item: "{untold}", workload: demand-forecast, {word}}}
  - {{item: "{missed}", workload: demand-forecast, {word}}}
not_applicable:
  - {{item: "{excused}", workload: demand-forecast, reason: batch only, who: sam}}
exceptions:
  - {{item: "{missed}", workload: demand-forecast, owner: kim, {exception}, expires: {today}}}
  - {{item: "{missed}", workload: "*", owner: lee, {exception}, expires: 2020-01-01}}
"""
WORD = f"who: jo, when: {TODAY}, expires: {TODAY}, link: https://x.example, statement: done"
EXCEPTION = "reason: fix_scheduled, ticket: T-1, scope: all of it"


@pytest.mark.slow
def test_a_demo_scan_takes_every_declaration_for_what_it_is(
    scanned: Any, run: Run, elsewhere: Path
) -> None:
    before = _forecast(json.loads((scanned.folder / "audit.json").read_text()))
    untold = next(id_ for id_, each in before["items"].items() if _open_to_words(each))
    excused, missed = [id_ for id_, each in before["items"].items() if _missed(each)][:2]
    names = {"untold": untold, "missed": missed, "excused": excused, "today": TODAY}
    text = DECLARED.format(word=WORD, exception=EXCEPTION, **names)
    (elsewhere / "mlaudit.yaml").write_text(text)
    result = run("scan", "--demo", "--out", "out")
    assert (result.exit_code, result.stderr) == (0, "")
    audit = json.loads((elsewhere / "out" / "audit.json").read_text())
    after = _forecast(audit)
    old, new = before["items"], after["items"]
    differ = {id_: new[id_]["status"] for id_ in new if new[id_]["status"] != old[id_]["status"]}
    assert differ == {untold: "pass", excused: "not_applicable"}
    assert new[untold]["strength"] == "attested"
    assert new[missed]["attestation"]["effect"] == "contradicted"
    assert new[missed]["exception"]["owner"] == "kim"
    assert [(each["who"], each["why"]) for each in audit["stale"]] == [("lee", "expired")]
    complete = [one["gates"]["streaming"]["complete"] for one in (before, after)]
    proven = [one["scores"]["evidence_only"]["complete"] for one in (before, after)]
    assert (complete[1] - complete[0], proven[1] - proven[0]) == (1, 0)
    assert "(1 of them attested)" in result.stdout


def _forecast(audit: dict[str, Any]) -> dict[str, Any]:
    found = next(each for each in audit["workloads"] if each["name"] == "demand-forecast")
    return {**found, "items": {each["id"]: each for each in found["items"]}}


def _open_to_words(item: dict[str, Any]) -> bool:
    reasons = {gap["reason"] for gap in item["gaps"]}
    return item["status"] == "not_assessed" and reasons <= FOR_A_PERSON


def _missed(item: dict[str, Any]) -> bool:
    always_applies = item["id"] in {"4.6", "4.11"}
    seen = item["status"] in {"fail", "partial"}
    return seen and item["section"] == 4 and not always_applies
