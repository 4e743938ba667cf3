"""What ``mlaudit attest`` does once its options are parsed."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path

import typer

from mlaudit.audit import Audit, ItemResult
from mlaudit.catalog import Catalogue, Item, catalogue
from mlaudit.config import DEFAULT_FILE, read_text
from mlaudit.config.rules import unknown_item
from mlaudit.config.writing import with_attestation
from mlaudit.declarations import EVERY_WORKLOAD, LONGEST_DAYS, Attestation
from mlaudit.errors import MlauditError
from mlaudit.files import write_whole
from mlaudit.model import Status
from mlaudit_reports import as_json
from mlaudit_reports.inert import visible


@dataclass(frozen=True)
class Word:
    """What is attested, as given."""

    item: str
    workload: str
    who: str
    link: str
    statement: str
    days: int


def write(word: Word, config: Path | None, audit: Path | None, *, dry_run: bool) -> None:
    """Show the item, then add the attestation to the configuration.

    Raises:
        MlauditError: The item is not known, a scan contradicts the word, or the file, or what it
            would become, is not understood.
    """
    known = catalogue()
    wrong = unknown_item(word.item, known)
    if wrong:
        raise MlauditError(f"{wrong}.")
    if not 1 <= word.days <= LONGEST_DAYS:
        raise MlauditError(f"--days must be between 1 and {LONGEST_DAYS}, not {word.days}.")
    if audit:
        _refuse_contradicted(word, audit)
    path = config or DEFAULT_FILE
    text = read_text(path) if path.exists() else ""
    attestation = _attestation(word)
    after = with_attestation(text, path, attestation)
    _show(next(each for each in known.items if each.id == word.item), known)
    if not dry_run:
        write_whole(path, after.encode())
    does = "Would add" if dry_run else "Added"
    holds = f"from {attestation.when} to {attestation.expires}"
    for line in (f"{does} to {path}, {holds}:", f"  {word.who} for {word.workload}:"):
        typer.echo(visible(line))
    typer.echo(f"  {visible(word.statement)} ({visible(word.link)})")


def _attestation(word: Word) -> Attestation:
    today = datetime.now(UTC).date()
    return Attestation(
        item=word.item,
        workload=word.workload,
        who=word.who,
        when=today,
        link=word.link,
        expires=today + timedelta(days=word.days),
        statement=word.statement,
    )


def _show(item: Item, known: Catalogue) -> None:
    check = known.checks.get(item.id)
    typer.echo(f"{item.id} {item.title}")
    typer.echo(f"Asks: {item.asks.strip()}")
    counts = check.rationale if check else "There is no check yet; a person's word is all there is."
    typer.echo(f"Counts: {' '.join(counts.split())}")


def _refuse_contradicted(word: Word, path: Path) -> None:
    """Refuse what an audit has seen otherwise, and name both."""
    try:
        audit = as_json.load(path.read_text("utf-8"))
    except OSError as error:
        raise MlauditError(f"{path} cannot be read: {error.strerror or error}.") from error
    except UnicodeDecodeError as error:
        raise MlauditError(
            f"{path} is not an audit: it is not text. Give an audit.json."
        ) from error
    for name, result in _results(word, audit, path):
        if result.status in {Status.FAIL, Status.PARTIAL}:
            seen = result.summary.strip().rstrip(".")
            raise MlauditError(
                visible(
                    f"{word.who} attests item {word.item}, {word.statement.strip().rstrip('.')!r}, "
                    f"and the scan of {audit.started_at:%Y-%m-%d} sees {name} "
                    f"{result.status}, {seen!r}: mend one of them"
                )
                + "."
            )


def _results(word: Word, audit: Audit, path: Path) -> list[tuple[str, ItemResult]]:
    meant = [each for each in audit.workloads if word.workload in {each.name, EVERY_WORKLOAD}]
    if not meant:
        names = ", ".join(sorted({each.name for each in audit.workloads})) or "none at all"
        raise MlauditError(
            visible(f"{path} has no workload {word.workload!r}; it has {names}") + "."
        )
    return [(each.name, item) for each in meant for item in each.items if item.id == word.item]
