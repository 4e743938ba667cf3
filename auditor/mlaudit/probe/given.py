"""Checkouts as a user names them, and a snapshot with what they show."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from pathlib import Path

from mlaudit.errors import MlauditError
from mlaudit.model import GLOBAL, Gap
from mlaudit.probe.facts import facts_of, is_wanted
from mlaudit.probe.files import Unread, read_tree
from mlaudit.resources.repository import READ, RepositoryFact
from mlaudit.snapshot import Snapshot, snapshot_of


@dataclass(frozen=True, slots=True)
class Checkout:
    """A checkout to read.

    Attributes:
        name: What facts call the repository.
        workload: The workload it belongs to; ``None`` when it is of all.
        root: Where it is.
    """

    name: str
    workload: str | None
    root: Path


def checkouts(given: Sequence[str]) -> tuple[Checkout, ...]:
    """The checkouts that ``PATH`` or ``WORKLOAD=PATH`` name, each repository with its own name.

    Raises:
        MlauditError: A path is no folder.
    """
    found: list[Checkout] = []
    for text in given:
        workload, root = _split(text)
        name, number = root.name or "repository", 2
        while name in {each.name for each in found}:
            name, number = f"{root.name}-{number}", number + 1
        found.append(Checkout(name, workload, root))
    return tuple(found)


def _split(text: str) -> tuple[str | None, Path]:
    """The workload and the folder; a folder whose own name has an equals sign is one too."""
    name, equals, rest = text.partition("=")
    try:
        for workload, path in ((None, text), (name, rest if equals else "")):
            if path and Path(path).is_dir() and workload != "":
                return workload, Path(path).resolve()
    except (OSError, RuntimeError, ValueError):
        pass
    raise MlauditError(f"--repo takes the folder of a checkout, or WORKLOAD=folder, not {text!r}.")


def with_checkouts(seen: Snapshot, given: Iterable[Checkout]) -> Snapshot:
    """A snapshot with the facts of checkouts, in every region, and with what was not read."""
    resources, gaps = list(seen.resources), list(seen.gaps)
    for checkout in given:
        tree = read_tree(checkout.root, is_wanted)
        facts = facts_of(checkout.name, checkout.workload, tree)
        resources += [replace(each, region=name) for name in seen.scope.regions for each in facts]
        gaps += [_gap(checkout, each) for each in tree.unread]
    return snapshot_of(seen.scope, resources, gaps)


def _gap(checkout: Checkout, unread: Unread) -> Gap:
    subject = f"repo://{checkout.name}/{unread.path}".rstrip("/")
    return Gap(READ, GLOBAL, unread.code, unread.reason, None, subject)


__all__ = ["Checkout", "RepositoryFact", "checkouts", "with_checkouts"]
