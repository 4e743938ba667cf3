"""The audit as CSV, a row for each result: for spreadsheets, and for whoever counts."""

import csv
import io

from mlaudit.audit import Audit
from mlaudit_reports.findings import Finding, findings
from mlaudit_reports.inert import visible

_COLUMNS = (
    "account",
    "region",
    "workload",
    "item",
    "title",
    "section",
    "status",
    "strength",
    "summary",
    "resources",
    "could_not_be_seen",
    "attested_by",
    "attested_until",
    "exception_owner",
    "exception_until",
    "next_step",
    "guidance",
    "scanned_at",
    "catalogue_version",
)
_FORMULA = ("=", "+", "-", "@", "|", "%")
_LONGEST = 8_000
"""Below what one cell of a spreadsheet holds."""


def render(audit: Audit) -> str:
    """Write a line of names and a line for each result; no cell is ever a formula."""
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\r\n")
    writer.writerow(_COLUMNS)
    for each in findings(audit):
        writer.writerow([_cell(value) for value in _values(each, audit)])
    return text.getvalue()


def _values(finding: Finding, audit: Audit) -> tuple[str, ...]:
    item, text = finding.item, finding.text
    word, left_open = item.attestation, item.exception
    return (
        finding.account,
        finding.region,
        finding.workload,
        item.id,
        item.title,
        str(item.section),
        item.status.value,
        item.strength.value,
        item.summary,
        " ".join(finding.resources),
        "; ".join(gap.words for gap in item.gaps),
        word.who if word else "",
        word.expires.isoformat() if word else "",
        left_open.owner if left_open else "",
        left_open.expires.isoformat() if left_open else "",
        text.next_step,
        text.guidance,
        audit.started_at.isoformat(),
        audit.catalogue_version,
    )


def _cell(value: str) -> str:
    """Keep spreadsheets from calculating what an account wrote."""
    shown = visible(value, _LONGEST)
    return f"'{shown}" if shown.lstrip().startswith(_FORMULA) else shown
