"""Versions in a folder, and their approval."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from mlaudit_reference.local import registry
from mlaudit_reference.local.failures import LocalRunError


def registered(folder: Path, auc: float = 0.8) -> Path:
    model = folder / "model"
    model.mkdir(exist_ok=True)
    (model / "model.json").write_text("{}")
    reports = {"baseline": model}
    return registry.register(
        folder / "registry", registry.Package("credit", model, reports, {"auc": auc})
    )


def card(version: Path) -> Any:
    return json.loads((version / "package.json").read_text())


def test_versions_are_numbered_and_wait_for_approval(tmp_path: Path) -> None:
    *_, version = versions = [registered(tmp_path) for _ in range(11)]
    assert [each.name for each in versions] == [str(number) for number in range(1, 12)]
    assert version.parent == tmp_path / "registry" / "credit"
    found = card(version)
    assert found | {"name": "credit", "version": 11, "auc": 0.8} == found
    assert found["status"] == "PendingManualApproval"
    assert found["registered_at"].endswith("+00:00")
    assert (version / "model" / "model.json").is_file()
    assert (version / "baseline" / "model.json").is_file()


def test_the_newest_version_is_approved_by_somebody(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("LOGNAME", "somebody")
    first, second = registered(tmp_path), registered(tmp_path)
    assert registry.approve(tmp_path / "registry", "credit") == second
    assert card(second) | {"status": "Approved", "approved_by": "somebody"} == card(second)
    assert card(first)["status"] == "PendingManualApproval"
    with pytest.raises(LocalRunError, match="Version 2 of credit is approved already"):
        registry.approve(tmp_path / "registry", "credit")


def test_what_is_not_registered_cannot_be_approved(tmp_path: Path) -> None:
    with pytest.raises(LocalRunError, match="No version of 'other' is registered"):
        registry.approve(tmp_path, "other")


def test_half_a_version_is_no_version(tmp_path: Path) -> None:
    draft = tmp_path / "registry" / "credit" / ".1.draft"
    draft.mkdir(parents=True)
    assert registered(tmp_path).name == "1"
    assert not draft.exists()


def test_outside_a_repository_there_is_no_commit(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(tmp_path.parent))
    monkeypatch.chdir(tmp_path)
    assert registry.commit() is None
    monkeypatch.setenv("PATH", "")
    assert registry.commit() is None
