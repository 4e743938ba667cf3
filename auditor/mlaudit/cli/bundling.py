"""Make an evidence bundle of a scan, and prove one: unchanged, and concluded from what it holds."""

from __future__ import annotations

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import typer

from mlaudit import __version__
from mlaudit.audit import Audit, Outcome
from mlaudit.bundle import BundleError, ChangedBundleError, read_bundle, write_bundle
from mlaudit.catalog import catalogue
from mlaudit.cli.exits import Exit
from mlaudit.cli.output import judged
from mlaudit.config import DEFAULT_FILE, load_config, parse_config, read_text
from mlaudit.model import Status
from mlaudit.snapshot import Snapshot, compressed, dump_snapshot, parse_snapshot
from mlaudit_reports import FORMATS

SNAPSHOT, CONFIGURATION = "snapshot.json.gz", "mlaudit.yaml"
DECISIONS, CATALOGUE = "decisions.json", "catalogue.json"
AUDIT = FORMATS["json"].file_name
_STREAMING = "streaming"


@dataclass(frozen=True)
class _Concluded:
    """What is derived from the rest of a bundle."""

    audit: Audit
    files: dict[str, bytes]


def make(snapshot: Snapshot, config: Path | None, bundle: Path) -> Path:
    """Judge the snapshot and write the bundle.

    Raises:
        MlauditError: The configuration is not understood, or the file cannot be written.
    """
    text = _configuration(config)
    concluded = _conclude(snapshot, text)
    files = {
        SNAPSHOT: compressed(dump_snapshot(snapshot).encode()),
        CONFIGURATION: text.encode(),
        **concluded.files,
    }
    write_bundle(bundle, files, _predicate(concluded.audit, files))
    return bundle


def verify(bundle: Path) -> None:
    """Prove a bundle, and print what it holds.

    Ends the command with exit code 1 when it was changed or its conclusions do not follow, and 3
    when they follow from another version of mlaudit or of the catalogue.

    Raises:
        MlauditError: The file is no bundle.
    """
    try:
        files = read_bundle(bundle)
    except ChangedBundleError as error:
        typer.echo(f"mlaudit: {error}", err=True)
        raise typer.Exit(Exit.BELOW) from error
    missing = {SNAPSHOT, CONFIGURATION, AUDIT} - files.keys()
    if missing:
        raise BundleError(f"{bundle} holds no {min(missing)}.")
    typer.echo(f"{len(files)} files of {bundle} are what they were when it was made.")
    said = _head(files[AUDIT])
    mine = (__version__, catalogue().version)
    if said != mine:
        typer.echo(
            f"mlaudit {said[0]} with catalogue {said[1]} concluded it; this is mlaudit {mine[0]} "
            f"with catalogue {mine[1]}. Use that version to derive the verdicts again."
        )
        raise typer.Exit(Exit.CANNOT_DECIDE)
    snapshot = parse_snapshot(files[SNAPSHOT], SNAPSHOT)
    again = _conclude(snapshot, files[CONFIGURATION].decode()).files
    different = sorted(name for name, content in again.items() if files.get(name) != content)
    if different:
        typer.echo(f"mlaudit: {', '.join(different)} does not follow from the snapshot.", err=True)
        raise typer.Exit(Exit.BELOW)
    typer.echo("The same verdicts and reports follow from its snapshot and its configuration.")


def _configuration(path: Path | None) -> str:
    """The text of the configuration; empty where there is none."""
    load_config(path)
    chosen = path or DEFAULT_FILE
    return read_text(chosen) if path or chosen.exists() else ""


def _conclude(snapshot: Snapshot, configuration: str) -> _Concluded:
    audit = judged(snapshot, parse_config(configuration, Path(CONFIGURATION)))
    reports = [each for each in FORMATS.values() if each.usual]
    files = {each.file_name: each.render(audit).encode() for each in reports}
    files[DECISIONS] = _written(
        [
            {"workload": each.name, "region": each.region, "gates": _outcomes(each.gates)}
            for each in audit.workloads
        ]
    )
    known = catalogue()
    items = [{"id": item.id, "title": item.title, "asks": item.asks} for item in known.items]
    files[CATALOGUE] = _written({"version": known.version, "items": items})
    return _Concluded(audit, files)


def _outcomes(gates: Any) -> dict[str, Any]:
    return {
        target: {"outcome": each.outcome.value, "reasons": list(each.reasons)}
        for target, each in sorted(gates.items())
    }


def _written(document: Any) -> bytes:
    return (json.dumps(document, indent=1) + "\n").encode()


def _head(audit: bytes) -> tuple[str, str]:
    try:
        document = json.loads(audit)
        return str(document["tool_version"]), str(document["catalogue_version"])
    except (KeyError, TypeError, ValueError) as error:
        raise BundleError(f"{AUDIT} of the bundle is not an audit.") from error


def _predicate(audit: Audit, files: dict[str, bytes]) -> dict[str, Any]:
    """The result as in-toto's predicate for test results has it; what is unseen is a warning."""
    tests: dict[str, list[str]] = {"passedTests": [], "warnedTests": [], "failedTests": []}
    where = {Status.PASS: "passedTests", Status.PARTIAL: "failedTests", Status.FAIL: "failedTests"}
    for workload in audit.workloads:
        for item in workload.items:
            if item.status is not Status.NOT_APPLICABLE:
                name = f"{workload.region}/{workload.name}/{item.id}"
                tests[where.get(item.status, "warnedTests")].append(name)
    gates = [each.gates[_STREAMING].outcome for each in audit.workloads if _STREAMING in each.gates]
    open_ = bool(gates) and all(each is Outcome.OPEN for each in gates)
    sums = [{"name": name} for name in sorted(files) if name in (SNAPSHOT, CONFIGURATION)]
    return {"result": "PASSED" if open_ else "FAILED", "configuration": sums, **tests}
