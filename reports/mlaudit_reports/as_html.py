"""The audit as one HTML page that needs nothing else: no network, no server, no other file.

The page allows only the style sheet and the scripts that it carries, by their hashes, and nothing
else to be loaded. Texts of the audit are made visible, then escaped, both without being asked for;
the data that its script shows is made visible too, and shown as text alone.
"""

import base64
import hashlib
import re
from collections.abc import Iterable
from importlib.resources import files
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from mlaudit.audit import Audit
from mlaudit.model import Status
from mlaudit_reports import beyond, grouping, page_data, words
from mlaudit_reports.inert import visible
from mlaudit_reports.method import method

_LIBRARIES = ("echarts.simple.min.js", "cytoscape.min.js", "cytoscape-dagre.min.js")
_PARTS = ("dom", "rows", "charts", "lineage", "workload", "overview", "beyond", "main")
"""The script of the page, in the order in which its parts build on one another."""

_SOURCE_MAP = re.compile(r"^//# sourceMappingURL=.*$", re.MULTILINE)


def render(audit: Audit) -> str:
    """Write the report as one HTML page."""
    style = _asset("templates", "report.css")
    scripts = [*(_library(name) for name in _LIBRARIES), _script()]
    template = _environment().get_template("report.html.j2")
    return template.render(
        audit=audit,
        coverage=_coverage(audit),
        regions=page_data.platform(audit),
        data=_data(audit),
        details=map(_safe, map(page_data.packed, page_data.details(audit))),
        titles={section.number: section.title for section in audit.sections},
        policy=_policy(style, scripts),
        style=_safe(style),
        scripts=map(_safe, scripts),
    )


def _environment() -> Environment:
    environment = Environment(
        autoescape=True,
        finalize=_shown,
        keep_trailing_newline=True,
        loader=PackageLoader(__package__),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    environment.filters.update(share=words.share, moment=words.moment, cut=visible)
    environment.globals.update(beyond=beyond, grouping=grouping, method=method, words=words)
    return environment


def _shown(value: Any) -> Any:
    """Make hidden characters visible in whatever a template prints; escaping follows."""
    return value if isinstance(value, Markup) else visible(str(value))


def _data(audit: Audit) -> dict[str, Markup]:
    """What the script of the page starts from; the details of workloads stand apart."""
    return {
        "index": _safe(page_data.plain(page_data.index(audit))),
        "texts": _safe(page_data.packed(page_data.texts(audit))),
        "platform": _safe(page_data.packed(page_data.platform(audit))),
        "beyond": _safe(page_data.packed(page_data.beyond_all(audit))),
    }


def _coverage(audit: Audit) -> tuple[int, int]:
    """How many of all conclusions about items could be drawn."""
    items = [item for each in audit.workloads for item in each.items]
    return sum(item.status is not Status.NOT_ASSESSED for item in items), len(items)


def _safe(text: str) -> Markup:
    """Mark what needs no escaping: files of ours, and data that no character of it can end."""
    return Markup(text)  # noqa: S704 - no text of an account comes here as it is


def _asset(*path: str) -> str:
    return files(__package__).joinpath(*path).read_text(encoding="utf-8").strip()


def _library(name: str) -> str:
    return _SOURCE_MAP.sub("", _asset("vendor", name)).strip()


def _script() -> str:
    parts = "\n".join(_asset("page", f"{name}.js") for name in _PARTS)
    return f'"use strict";\n(() => {{\n{parts}\n}})();'


def _policy(style: str, scripts: Iterable[str]) -> Markup:
    """Allow one style sheet and the scripts, and forbid everything else."""
    allowed = " ".join(f"'{_hash(each)}'" for each in scripts)
    rules = (
        "default-src 'none'",
        f"style-src '{_hash(style)}'",
        f"script-src {allowed}",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return _safe("; ".join(rules))


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"
