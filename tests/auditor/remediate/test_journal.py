"""Journals: every line is on the disk before the next thing happens, and read back as written."""

import errno
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlaudit.remediate.entries import (
    Began,
    Did,
    Ended,
    Entry,
    Failed,
    Intent,
    StepBegan,
    StepDone,
    WasSo,
)
from mlaudit.remediate.journal import JOURNAL, Journal, JournalError, begin, reopen, runs

AT = datetime(2026, 11, 21, 21, 9, 5, tzinfo=UTC)
WRITTEN: tuple[Entry, ...] = (
    Began("apply", "arn:aws:iam::123456789012:user/me"),
    StepBegan("01", "Keep logs"),
    Intent("01", "logs.group", {"logGroupName": "/a"}, "eu-west-1", "keep them", None, {}, None, 1),
    Did(1),
    WasSo("01", "logs.group", {"logGroupName": "/b"}, "eu-west-1"),
    Intent("01", "tags", {"ResourceARN": "a"}, "eu-west-1", "tag it", {"a": "é\n"}, None, 1, 2),
    Failed(2, "it was refused"),
    StepDone("01"),
    Ended("it was refused"),
)


@pytest.fixture
def journal(tmp_path: Path) -> Journal:
    made = begin(tmp_path / "state", lambda: AT)
    for entry in WRITTEN:
        made.write(entry)
    return made


def again(journal: Journal) -> Journal:
    return reopen(journal.folder.parent, journal.run)


def test_what_was_written_is_read(journal: Journal) -> None:
    assert again(journal).entries == journal.entries == WRITTEN
    assert {each.at for each in again(journal).lines} == {AT}


def test_only_its_owner_can_read_it(journal: Journal) -> None:
    for path, mode in ((journal.folder, 0o700), (journal.folder / JOURNAL, 0o600)):
        assert stat.S_IMODE(path.stat().st_mode) == mode


def test_intents_are_numbered_in_their_order(tmp_path: Path) -> None:
    journal = begin(tmp_path)
    meant = Intent("01", "tags", {}, "eu-west-1", "", None, {})
    assert [journal.intends(meant) for _ in range(3)] == [1, 2, 3]
    assert [each.number for each in again(journal).intents] == [1, 2, 3]


def test_the_last_word_on_an_intent_counts(tmp_path: Path) -> None:
    journal = begin(tmp_path)
    assert journal.outcome(1) is None
    for entry in (Failed(1, "no"), Did(2), Did(1)):
        journal.write(entry)
    assert journal.outcome(1) == Did(1)


@pytest.mark.parametrize("left", [1, 20, -1])
def test_a_torn_last_line_is_dropped_and_written_over(journal: Journal, left: int) -> None:
    path = journal.folder / JOURNAL
    whole = path.read_bytes()
    last = whole.splitlines(keepends=True)[-1]
    path.write_bytes(whole.removesuffix(last) + last[:left])
    read = again(journal)
    assert read.entries == WRITTEN[:-1]
    read.write(Ended())
    assert again(journal).entries == (*WRITTEN[:-1], Ended())


@given(cut=st.integers(0, 2000))
def test_a_journal_cut_anywhere_tells_the_whole_lines(
    cut: int, tmp_path_factory: pytest.TempPathFactory
) -> None:
    made = begin(tmp_path_factory.mktemp("state"), lambda: AT)
    for entry in WRITTEN:
        made.write(entry)
    path = made.folder / JOURNAL
    kept = path.read_bytes()[:cut]
    path.write_bytes(kept)
    assert again(made).entries == WRITTEN[: kept.count(b"\n")]


DAMAGE: dict[str, tuple[Callable[[bytes], bytes], str]] = {
    "no JSON": (lambda text: text.replace(b"{", b"(", 1), "in line 1"),
    "a line torn in the middle": (lambda text: text.replace(b"p_began", b"p\nbegan"), "in line 2"),
    "an unknown entry": (lambda text: text.replace(b'"did"', b'"done"'), "in line 4"),
    "an empty line": (lambda text: text + b"\n", "in line 10"),
}


@pytest.mark.parametrize(("damage", "where"), DAMAGE.values(), ids=DAMAGE)
def test_damage_elsewhere_stops_everything(
    journal: Journal, damage: Callable[[bytes], bytes], where: str
) -> None:
    path = journal.folder / JOURNAL
    path.write_bytes(damage(path.read_bytes()))
    with pytest.raises(JournalError, match=f"is damaged .*{where}"):
        again(journal)


def test_each_line_is_synced_before_writing_returns(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    journal = begin(tmp_path)
    synced: list[int] = []
    monkeypatch.setattr(os, "fsync", lambda file: synced.append(os.fstat(file).st_size))
    journal.write(Did(1))
    journal.write(Did(2))
    assert len(synced) == 2
    assert synced[-1] == (journal.folder / JOURNAL).stat().st_size > synced[0]


def test_the_folders_are_synced_when_they_are_made(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    synced: set[int] = set()
    monkeypatch.setattr(os, "fsync", lambda file: synced.add(os.fstat(file).st_ino))
    journal = begin(tmp_path)
    assert synced == {tmp_path.stat().st_ino, journal.folder.stat().st_ino}


def test_a_full_disk_is_said_and_leaves_a_whole_journal(
    journal: Journal, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_: int) -> None:
        raise OSError(errno.ENOSPC, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr(os, "fsync", full)
        with pytest.raises(JournalError, match="No space left on device"):
            journal.write(Did(7))
    assert journal.entries == WRITTEN
    journal.write(Did(8))
    assert again(journal).entries == (*WRITTEN, Did(8))


def test_a_journal_that_another_writes_is_left_alone(journal: Journal) -> None:
    other = again(journal)
    other.write(Did(1))
    with pytest.raises(JournalError, match="by another"):
        journal.write(Did(2))
    assert again(journal).entries == (*WRITTEN, Did(1))


def test_ids_sort_by_time_and_are_unique(tmp_path: Path) -> None:
    moments = [AT + timedelta(seconds=each) for each in (0, 0, 0, 1, 54, 55, 3600, 90000)]
    clock = iter(moments)
    made = [begin(tmp_path, lambda: next(clock)).run for _ in moments]
    assert made[0].startswith("20261121T2109-")
    assert len(set(made)) == len(made)
    assert sorted(made[2:]) == made[2:]
    assert runs(tmp_path) == tuple(sorted(made))


def test_an_id_that_is_taken_is_not_given_again(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    numbers = iter([3, 3, 4])
    monkeypatch.setattr("secrets.randbelow", lambda _: next(numbers))
    first, second = (begin(tmp_path, lambda: AT).run for _ in range(2))
    assert int(second[-4:], 16) == int(first[-4:], 16) + 1


def test_a_run_that_is_not_there_is_said_with_those_that_are(journal: Journal) -> None:
    with pytest.raises(JournalError, match=f"no run 'x' in .* There are: {journal.run}"):
        reopen(journal.folder.parent, "x")
    with pytest.raises(JournalError, match="There are: none"):
        reopen(journal.folder, "../x")


def test_a_folder_that_cannot_be_made_is_said(tmp_path: Path) -> None:
    (tmp_path / "file").touch()
    with pytest.raises(JournalError, match="No run can be kept"):
        begin(tmp_path / "file")
