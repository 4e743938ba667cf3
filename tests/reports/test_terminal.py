import io
import re
from dataclasses import replace

from rich.cells import cell_len
from rich.console import Console

from mlaudit.audit import Audit, Platform
from mlaudit_reports import as_terminal

_COLOUR = re.compile(r"\x1b\[[0-9;]*m")


def _drawn(audit: Audit, *, width: int = 80, terminal: bool = False) -> str:
    console = Console(
        file=io.StringIO(),
        width=width,
        force_terminal=terminal,
        color_system="256" if terminal else None,
    )
    with console.capture() as capture:
        as_terminal.render(audit, console)
    return capture.get()


def test_scores_stand_as_fraction_and_percent_beside_the_gate(audit: Audit) -> None:
    text = _drawn(audit)
    assert re.search(r"fraud-model \(eu-west-1\) +5/10 +5/8 +4/8 +cannot decide", text)
    assert re.search(r"\n +50\.0 % +62\.5 % +50\.0 %", text)


def test_the_lowest_of_each_score_stands_below_the_workloads(audit: Audit) -> None:
    text = _drawn(audit)
    assert re.search(r"Lowest of each +1/10 +2/9 +1/9", text)
    assert "Lowest" not in _drawn(replace(audit, lowest=None))


def test_a_single_region_is_not_repeated_for_each_workload(audit: Audit) -> None:
    alone = replace(audit, regions=("eu-west-1",), workloads=audit.workloads[:1])
    assert "(eu-west-1)" not in _drawn(alone)


def test_what_is_critical_comes_first_and_what_passes_is_not_listed(audit: Audit) -> None:
    listed = re.findall(r"^  (fail|partial|not assessed|pass) +(\S+)", _drawn(audit), re.MULTILINE)
    assert listed[:4] == [
        ("fail", "4.6"),
        ("fail", "6.notification"),
        ("partial", "1.3"),
        ("not assessed", "6.1"),
    ]


def test_items_without_a_check_are_counted_and_not_listed(audit: Audit) -> None:
    text = _drawn(audit)
    assert "2 more not assessed: there is no check for them yet" in text
    assert "Diverse data source integration" not in text


def test_what_people_say_is_marked_and_counted_apart(audit: Audit) -> None:
    text = " ".join(_drawn(audit, width=300).split())
    assert "3 pass (1 of them attested)" in text
    assert "4.5 Batch inference: attested by fraud-model on 2026-03-01 until 2026-06-01" in text
    assert "Notification: exception until 2026-05-01, owner fraud-model, ticket" in text
    assert "Streaming promotion: exception expired on 2026-02-01, owner fraud-model" in text
    assert "2 declarations do nothing" in text
    assert "1.2: the attestation of fraud-model for fraud-model expired on 2026-01-31" in text


def test_a_failed_read_tells_what_it_leaves_open_and_what_cures_it(audit: Audit) -> None:
    drawn = " ".join(_drawn(audit).split())
    assert (
        "2 x s3:GetBucketVersioning: access denied; leaves open 1.2, 6.1; "
        "allow s3:GetBucketVersioning"
    ) in drawn
    assert "throttled until the retries ran out; leaves open no item; scan again" in drawn


def test_a_large_account_stays_short(several_hundred: Audit) -> None:
    text = _drawn(several_hundred)
    for what in (
        "250 more rows",
        "290 more workloads in detail",
        "295 more resources",
        "290 more kinds of failure",
    ):
        assert f"and {what}" in text


def test_an_empty_account_says_so(audit: Audit) -> None:
    empty = replace(audit, workloads=(), platform=Platform(()), orphans=(), gaps=())
    text = " ".join(_drawn(empty).split())
    assert "No workload was found." in text
    assert "everything that was asked could be seen" in text


def test_every_line_fits_the_terminal(hostile: Audit) -> None:
    assert max(cell_len(line) for line in _drawn(hostile).splitlines()) <= 80


def test_nothing_but_our_own_colours_steers_the_terminal(hostile: Audit) -> None:
    lines = _COLOUR.sub("", _drawn(hostile, terminal=True)).split("\n")
    assert all(line.isprintable() for line in lines)


def test_markup_in_a_name_is_shown_as_it_is(hostile: Audit, hostile_name: str) -> None:
    if hostile_name.isprintable() and len(hostile_name) < 40:
        assert hostile_name.split(maxsplit=1)[0] in _drawn(hostile, width=300)


def test_without_colours_nothing_but_text_is_written(audit: Audit) -> None:
    assert "\x1b" not in _drawn(audit)


def test_a_console_without_unicode_still_shows_the_report(hostile: Audit) -> None:
    written = io.BytesIO()
    console = Console(file=io.TextIOWrapper(written, encoding="ascii"), width=80)
    as_terminal.render(hostile, console)
    console.file.flush()
    assert b"Streaming gate open for 1 of 2 workloads" in written.getvalue()
