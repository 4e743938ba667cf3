"""The data of a run: where it comes from, what it must have, and its version."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mlaudit_reference.local.dataset import Wish, made, record_of, rows_of, version_of
from mlaudit_reference.local.failures import LocalRunError
from mlaudit_reference.local.workplace import Workplace

SETTINGS: dict[str, Any] = {
    "name": "credit",
    "label": "y",
    "record_id": "id",
    "event_time": "at",
    "protected": {"attribute": "group", "privileged": "a"},
    "features": {"numeric": ["income"], "categorical": ["purpose"]},
    "seed": 0,
}
HEADER = "id,at,group,income,purpose,y\n"


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    found = tmp_path / "mine"
    found.mkdir()
    (found / "b.csv").write_text(HEADER + "2,t,b,,car,1\n")
    (found / "a.csv").write_text(HEADER + "1,t,a,5.5,,0\n")
    return found


def test_a_folder_of_ones_own(place: Workplace, folder: Path) -> None:
    found = made(place, Wish(0, 7, folder, SETTINGS))
    assert found.raw == folder
    assert json.loads((found.settings / "settings.json").read_text()) == {**SETTINGS, "seed": 7}
    records = [record_of(row, found) for row in rows_of(found.raw)]
    assert records == [
        {"id": "1", "income": 5.5, "purpose": None},
        {"id": "2", "income": None, "purpose": "car"},
    ]
    assert len(list(rows_of(found.raw, 1))) == 1


def test_the_settings_beside_the_data_are_taken(place: Workplace, folder: Path) -> None:
    (folder / "settings").mkdir()
    (folder / "settings" / "settings.json").write_text(json.dumps(SETTINGS))
    assert made(place, Wish(0, 3, folder)).document == {**SETTINGS, "seed": 3}


def test_the_version_is_that_of_the_content(folder: Path) -> None:
    before = version_of(folder)
    assert before == version_of(folder)
    (folder / "b.csv").write_text(HEADER + "2,t,b,,car,0\n")
    assert version_of(folder) != before


@pytest.mark.parametrize(
    ("change", "settings", "says"),
    [
        ({}, None, "Nothing says which columns the data has: give --manifest, or write"),
        ({"settings/settings.json": "{"}, None, "settings.json cannot be read"),
        ({"settings/settings.json": "[]"}, None, "settings.json holds no settings"),
        ({}, {**SETTINGS, "label": "z"}, "The data has no column z: see the manifest"),
        ({}, {"label": "y"}, "The settings of the data lack 'protected'"),
        ({"a.csv": HEADER, "b.csv": HEADER}, SETTINGS, "has no record"),
    ],
)
def test_what_cannot_be_used_is_said(
    place: Workplace,
    folder: Path,
    change: dict[str, str],
    settings: dict[str, Any] | None,
    says: str,
) -> None:
    for name, text in change.items():
        (folder / name).parent.mkdir(exist_ok=True)
        (folder / name).write_text(text)
    with pytest.raises(LocalRunError, match=says):
        made(place, Wish(0, 0, folder, settings))


def test_a_folder_without_data_is_no_data(place: Workplace, tmp_path: Path) -> None:
    with pytest.raises(LocalRunError, match="holds no CSV file"):
        made(place, Wish(0, 0, tmp_path / "nowhere", SETTINGS))
