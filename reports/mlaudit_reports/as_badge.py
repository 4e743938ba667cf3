"""The audit as a badge: the gate score of the workload that has the lowest, never a mean."""

from jinja2 import Environment, PackageLoader, StrictUndefined

from mlaudit.audit import Audit, Outcome
from mlaudit_reports.grouping import STREAMING

_LABEL = "MLOps checklist"
_WIDTH, _MARGIN = 7, 12
"""Of a letter and of both margins, in pixels."""
_OPEN, _OTHER, _NOTHING = "#1a6b3c", "#8a4b08", "#5c5c58"


def render(audit: Audit) -> str:
    """Write the badge as SVG; green only when every streaming gate is open."""
    says = _says(audit)
    environment = Environment(
        autoescape=True,
        keep_trailing_newline=True,
        loader=PackageLoader(__package__),
        undefined=StrictUndefined,
    )
    return environment.get_template("badge.svg.j2").render(
        label=_LABEL,
        says=says,
        left=len(_LABEL) * _WIDTH + _MARGIN,
        right=len(says) * _WIDTH + _MARGIN,
        colour=_colour(audit),
    )


def _says(audit: Audit) -> str:
    if not audit.workloads:
        return "no workload"
    return f"{min(each.scores.gate.percent for each in audit.workloads):.1f} %"


def _colour(audit: Audit) -> str:
    gates = [each.gates.get(STREAMING) for each in audit.workloads]
    if not gates:
        return _NOTHING
    return _OPEN if all(gate and gate.outcome is Outcome.OPEN for gate in gates) else _OTHER
