"""The audit as a short Markdown text: for a comment on a pull request, or a job's summary.

GitHub refuses comments of more than 65 536 characters. What does not fit is counted, not cut.
"""

from collections.abc import Sequence

from mlaudit.audit import Audit, ItemResult, WorkloadAudit
from mlaudit_reports.as_markdown import environment
from mlaudit_reports.findings import OPEN
from mlaudit_reports.grouping import STREAMING
from mlaudit_reports.inert import visible

LIMIT = 65_536
"""The characters that a comment on GitHub holds."""

_ROWS, _ITEMS, _SUMMARY = 100, 40, 160
_URGENT = {status: place for place, status in enumerate(OPEN)}


def render(audit: Audit) -> str:
    """Write the table of workloads, and what is open in as many of them as there is room for."""
    made = environment()
    made.filters["short"] = lambda text: visible(text, _SUMMARY)
    parts = made.get_template("summary.md.j2").module
    text = str(parts.head(audit, _ROWS))  # type: ignore[attr-defined]
    spare = LIMIT - len(str(parts.more(len(audit.workloads)))) - 1  # type: ignore[attr-defined]
    left_out = 0
    for workload in audit.workloads:
        open_ = _open(workload)
        shown = open_[:_ITEMS]
        block = str(parts.block(workload, shown, len(open_) - len(shown)))  # type: ignore[attr-defined]
        if len(text) + len(block) <= spare and not left_out:
            text += block
        else:
            left_out += 1
    if left_out:
        text += str(parts.more(left_out))  # type: ignore[attr-defined]
    return text.rstrip() + "\n"


def _open(workload: WorkloadAudit) -> Sequence[ItemResult]:
    """What is not complete: what is critical, then what nothing makes up for, then what fails."""
    gate = workload.gates.get(STREAMING)
    floor = {*gate.floor_failed, *gate.floor_unknown} if gate else set()
    found = [each for each in workload.items if each.status in _URGENT]
    return sorted(
        found, key=lambda each: (not each.critical, each.id not in floor, _URGENT[each.status])
    )
