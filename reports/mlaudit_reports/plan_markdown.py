"""A plan as Markdown, for a pull request: whoever reads nothing else must be able to decide."""

from markupsafe import Markup

from mlaudit_reports import plan_costs, plan_differences, plan_reading
from mlaudit_reports.as_markdown import environment
from mlaudit_reports.inert import visible
from mlaudit_reports.plan_reading import PlanReport


def render(report: PlanReport) -> str:
    """Write the plan as GitHub-flavoured Markdown."""
    made = environment()
    made.filters["line"] = line
    made.globals.update(costs=plan_costs, differences=plan_differences, reading=plan_reading)
    text = made.get_template("plan.md.j2").render(report=report, plan=report.plan)
    return text.rstrip() + "\n"


def line(text: str) -> Markup:
    """Write a line of a fenced block: it begins with a sign, so that it cannot end the block."""
    return Markup(visible(text))  # noqa: S704 - nothing has a meaning inside a fenced block
