"""What ``mlaudit gate`` does once its options are parsed."""

from __future__ import annotations

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import typer

from mlaudit import __version__
from mlaudit.audit import Audit, Outcome
from mlaudit.catalog import catalogue
from mlaudit.cli.exits import Exit
from mlaudit.cli.output import judged, loaded
from mlaudit.cli.scanning import Options, read
from mlaudit.cli.telling import tell
from mlaudit.config import DEFAULT_FILE, Config, load_config
from mlaudit.decision import Decision, Question, decide, no_worse, refusals, refused
from mlaudit.errors import MlauditError
from mlaudit.files import write_whole
from mlaudit.thresholds import Target
from mlaudit_reports import as_json

SCHEMA_VERSION = 1
_EXIT = {
    Outcome.OPEN: Exit.OK,
    Outcome.CLOSED: Exit.BELOW,
    Outcome.CANNOT_DECIDE: Exit.CANNOT_DECIDE,
}


@dataclass(frozen=True)
class Asked:
    """The options of the command, as given."""

    question: Question
    audit: Path | None
    max_age_hours: float
    baseline: Path | None
    no_regression: bool
    decision: Path | None
    as_json: bool
    reading: Options


def run(asked: Asked) -> None:
    """Find an audit, decide, print; ends the command with the exit code of the outcome.

    Raises:
        MlauditError: An option cannot be worked with, or there is nothing to decide by.
    """
    _check(asked)
    audit, config = _audit(asked)
    now = datetime.now(UTC)
    decision = _decide(asked, audit, config, now)
    document = json.dumps(_document(decision, audit, asked, now), indent=2) + "\n"
    if asked.decision:
        write_whole(asked.decision, document.encode())
    if asked.as_json:
        typer.echo(document, nl=False)
    elif not asked.reading.quiet:
        tell(decision, audit)
    raise typer.Exit(_EXIT[decision.outcome])


def _check(asked: Asked) -> None:
    """Refuse what cannot be a question before anything is read."""
    question = asked.question
    named = [question.workload, question.package, question.endpoint]
    reading = asked.reading
    live = reading.demo or reading.scenario
    problems = (
        (
            sum(each is not None for each in named) != 1,
            "Name one candidate: by --model-package, --endpoint or --workload.",
        ),
        (
            question.package is not None and ":model-package/" not in question.package,
            f"--model-package takes the ARN of a version, not {question.package!r}.",
        ),
        (
            asked.audit and (reading.replay or live),
            "--audit decides by a file: give no --from, --demo or --scenario with it.",
        ),
        (
            asked.no_regression != (asked.baseline is not None),
            "--no-regression and --baseline go together.",
        ),
        (
            asked.no_regression and question.target is Target.STREAMING,
            "--no-regression is not for streaming: the guide asks for the whole share.",
        ),
        (asked.max_age_hours <= 0, f"--max-age must be above 0, not {asked.max_age_hours:g}."),
    )
    for wrong, message in problems:
        if wrong:
            raise MlauditError(message)


def _audit(asked: Asked) -> tuple[Audit, Config]:
    if asked.audit:
        return loaded(asked.audit), load_config(asked.reading.config)
    seen, config = read(asked.reading)
    return judged(seen, config), config


def _decide(asked: Asked, audit: Audit, config: Config, now: datetime) -> Decision:
    known, oldest = catalogue(), timedelta(hours=asked.max_age_hours)
    reasons = [*refusals(audit, asked.question, known, now, oldest)]
    if reasons:
        return refused(asked.question, reasons)
    decision = decide(audit, asked.question, known, config.rules)
    if asked.baseline:
        return no_worse(decision, audit, loaded(asked.baseline), known)
    return decision


def _document(decision: Decision, audit: Audit, asked: Asked, now: datetime) -> dict[str, Any]:
    """The decision for programs, with what it rests on."""
    gate, question = decision.gate, decision.question
    return {
        "schema_version": SCHEMA_VERSION,
        "outcome": decision.outcome.value,
        "exit_code": int(_EXIT[decision.outcome]),
        "target": question.target.value,
        "asked": question.words,
        "account": audit.account,
        "region": decision.region,
        "workload": decision.workload,
        "candidates": [
            {
                "arn": each.arn,
                "name": each.name,
                "serves": list(each.serves),
                "requirements": {one.need.value: one.status.value for one in each.requirements},
            }
            for each in decision.candidates
        ],
        "complete": gate.complete if gate else None,
        "applicable": gate.applicable if gate else None,
        "needed": gate.needed if gate else None,
        "unknown": gate.unknown if gate else None,
        "short_by": decision.short_by if gate else None,
        "refusals": list(decision.refusals),
        "reasons": list(gate.reasons) if gate else [],
        "regressions": None if decision.regressions is None else list(decision.regressions),
        "denials": [
            {
                "item": each.item,
                "need": each.need.value if each.need else None,
                "title": each.title,
                "status": each.status.value,
                "effort": each.effort.value,
                "required": each.required,
                "summary": each.summary,
                "next_step": each.next_step,
            }
            for each in decision.denials
        ],
        "decided_at": now.isoformat(),
        "scanned_at": audit.started_at.isoformat(),
        "tool_version": __version__,
        "catalogue_version": audit.catalogue_version,
        "inputs": _inputs(audit, asked),
    }


def _inputs(audit: Audit, asked: Asked) -> dict[str, str]:
    """The SHA-256 sums of what decided."""
    chosen = asked.reading.config or DEFAULT_FILE
    files = {"configuration": chosen, "baseline": asked.baseline, "snapshot": asked.reading.replay}
    sums = {"audit": hashlib.sha256(as_json.render(audit).encode()).hexdigest()}
    for name, path in files.items():
        if path is not None and path.is_file():
            sums[name] = hashlib.sha256(path.read_bytes()).hexdigest()
    return sums
