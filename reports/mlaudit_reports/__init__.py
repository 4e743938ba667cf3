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
    """

    name: str
    file_name: str
    render: Callable[[Audit], str]


def _when_called(module: str) -> Callable[[Audit], str]:
    """Put off the import of a renderer, so that nobody pays for a format they do not ask for."""

    def render(audit: Audit) -> str:
        text: str = import_module(f"{__name__}.{module}").render(audit)
        return text

    return render


FORMATS: Mapping[str, Format] = MappingProxyType(
    {
        "json": Format("json", "audit.json", _when_called("as_json")),
        "markdown": Format("markdown", "report.md", _when_called("as_markdown")),
        "html": Format("html", "report.html", _when_called("as_html")),
    }
)
