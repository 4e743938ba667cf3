"""Raw data as columns of text."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.tables import Table, numbers, read_file, read_folder, write_file


def test_what_is_written_is_read_again(tmp_path: Path) -> None:
    table = Table({"id": ["1", "2"], "said": ['a "b", c\nd', ""]})
    write_file(tmp_path / "a.csv", table)
    assert read_file(tmp_path / "a.csv").columns == {"id": ("1", "2"), "said": ('a "b", c\nd', "")}


def test_files_follow_each_other_by_name(tmp_path: Path) -> None:
    (tmp_path / "b.csv").write_text("x\n3\n")
    (tmp_path / "a.csv").write_text("x\n1\n2\n")
    assert read_folder(tmp_path).columns == {"x": ("1", "2", "3")}


def test_a_file_with_a_header_alone_has_no_rows(tmp_path: Path) -> None:
    (tmp_path / "a.csv").write_text("x,y\n")
    assert read_folder(tmp_path).rows == 0


@pytest.mark.parametrize(
    ("files", "complaint"),
    [
        ({}, "holds no CSV file"),
        ({"a.csv": "x,y\n1\n"}, "a.csv, line 2: 1 fields, expected 2"),
        ({"a.csv": "x\n1\n", "b.csv": "y\n1\n"}, "b.csv has other columns"),
        ({"a.csv": "x,x\n1,2\n"}, "twice"),
        ({"a.csv": 'x\n"1\n'}, "a.csv cannot be read"),
    ],
)
def test_what_is_no_table_is_refused(tmp_path: Path, files: dict[str, str], complaint: str) -> None:
    for name, text in files.items():
        (tmp_path / name).write_text(text)
    with pytest.raises(InputError, match=complaint):
        read_folder(tmp_path)


def test_numbers_tell_missing_from_wrong() -> None:
    found, bad = numbers(["1.5", "", "-2e3", "x", "inf", "nan"])
    assert np.array_equal(found, [1.5, np.nan, -2000, np.nan, np.nan, np.nan], equal_nan=True)
    assert bad.tolist() == [False, False, False, True, True, True]


def test_rows_are_chosen_by_flags() -> None:
    table = Table({"x": ["1", "2", "3"]})
    assert table.where(np.array([True, False, True])).columns == {"x": ["1", "3"]}


def test_a_column_that_is_not_there_is_named() -> None:
    with pytest.raises(InputError, match="no column y"):
        Table({"x": []}).column("y")
