"""Renderers: each turns an audit into text, and computes nothing the audit should hold.

The terminal is no file format: it is drawn by :func:`mlaudit_reports.as_terminal.render`.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from importlib import import_module
from types import MappingProxyType

from mlaudit.audit import Audit

__all__ = ["FORMATS", "Format"]


@dataclass(frozen=True, slots=True)
class Format:
    """One kind of report file.

    Attributes:
        name: What a user calls it on the command line.
        file_name: The file it is written to by default.
        render: Makes its whole text; write it as UTF-8.
        usual: Whether it is written when no format is named.
    """

    name: str
    file_name: str
    render: Callable[[Audit], str]
    usual: bool = False


def _when_called(module: str) -> Callable[[Audit], str]:
    """Put off the import of a renderer, so that nobody pays for a format they do not ask for."""

    def render(audit: Audit) -> str:
        text: str = import_module(f"{__name__}.{module}").render(audit)
        return text

    return render


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "json": Format("json", "audit.json", _when_called("as_json"), usual=True),
        "markdown": Format("markdown", "report.md", _when_called("as_markdown"), usual=True),
        "html": Format("html", "report.html", _when_called("as_html"), usual=True),
        "summary": Format("summary", "summary.md", _when_called("as_summary")),
        "sarif": Format("sarif", "audit.sarif", _when_called("as_sarif")),
        "junit": Format("junit", "junit.xml", _when_called("as_junit")),
        "csv": Format("csv", "items.csv", _when_called("as_csv")),
        "ocsf": Format("ocsf", "findings.ocsf.json", _when_called("as_ocsf")),
        "asff": Format("asff", "findings.asff.json", _when_called("as_asff")),
        "prometheus": Format("prometheus", "mlaudit.prom", _when_called("as_prometheus")),
        "lens": Format("lens", "lens.json", _when_called("as_lens")),
        "badge": Format("badge", "badge.svg", _when_called("as_badge")),
    }
)
