"""A model registry in a folder: ``<registry>/<name>/<version>/``, numbered from 1.

A version holds what a model package holds (CreateModelPackage): the model, its metrics, the
baselines that drift is measured against, the commit, the version of the data, the environment, and
a status that starts as PendingManualApproval.
"""

from __future__ import annotations

import getpass
import json
import shutil
import subprocess
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

from mlaudit_reference.container.files import write_json
from mlaudit_reference.local.failures import LocalRunError

CARD = "package.json"
PENDING = "PendingManualApproval"
APPROVED = "Approved"


@dataclass(frozen=True)
class Package:
    """What is registered.

    Attributes:
        name: The group of versions.
        model: The folder of the model.
        reports: Folders of reports and baselines by name.
        card: All else that is known of it; it must be JSON.
    """

    name: str
    model: Path
    reports: Mapping[str, Path]
    card: Mapping[str, Any]


def register(registry: Path, package: Package) -> Path:
    """Register a version, whole or not at all. Returns its folder."""
    group = registry / package.name
    group.mkdir(parents=True, exist_ok=True)
    number = max(_versions(group), default=0) + 1
    draft = group / f".{number}.draft"
    shutil.rmtree(draft, ignore_errors=True)
    shutil.copytree(package.model, draft / "model")
    for name, folder in package.reports.items():
        shutil.copytree(folder, draft / name)
    card = {"name": package.name, "version": number, "status": PENDING, **package.card}
    write_json(draft / CARD, {**card, "registered_at": _now()})
    target = group / str(number)
    draft.rename(target)
    return target


def approve(registry: Path, name: str) -> Path:
    """Approve the newest version of a name; who did so is recorded. Returns its folder.

    Raises:
        LocalRunError: There is none, or it is approved already.
    """
    group = registry / name
    newest = max(_versions(group), default=0) if group.is_dir() else 0
    if not newest:
        raise LocalRunError(f"No version of {name!r} is registered in {registry}.")
    path = group / str(newest) / CARD
    card = json.loads(path.read_text("utf-8"))
    if card["status"] == APPROVED:
        raise LocalRunError(f"Version {newest} of {name} is approved already.")
    by = {"status": APPROVED, "approved_by": getpass.getuser(), "approved_at": _now()}
    write_json(path, {**card, **by})
    return path.parent


def commit() -> str | None:
    """The commit that is checked out where the run was started; ``None`` outside a repository."""
    git = shutil.which("git")
    if git is None:
        return None
    found = subprocess.run(  # noqa: S603 - a fixed command
        [git, "rev-parse", "--verify", "HEAD"], capture_output=True, text=True, check=False
    )
    return found.stdout.strip() or None if found.returncode == 0 else None


def _versions(group: Path) -> list[int]:
    return [int(each.name) for each in group.iterdir() if each.name.isdecimal()]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="seconds")
