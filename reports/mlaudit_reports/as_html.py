"""The audit as one HTML page that needs nothing else: no network, no server, no script to be read.

The page allows only the style sheet and the script that it carries, by their hashes, and nothing
else to be loaded. Texts of the audit are made visible, then escaped, both without being asked for.
"""

import base64
import hashlib
from collections import Counter
from importlib.resources import files
from typing import Any
from urllib.parse import quote

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup

from mlaudit.audit import Audit, WorkloadAudit
from mlaudit_reports import beyond, grouping, picture, words
from mlaudit_reports.inert import visible
from mlaudit_reports.method import method

_LONGEST_ANCHOR = 200


def render(audit: Audit) -> str:
    """Write the report as one HTML page."""
    style, script = _asset("report.css"), _asset("report.js")
    template = _environment().get_template("report.html.j2")
    return template.render(
        audit=audit,
        anchors=_anchors(audit),
        texts={text.id: text for text in audit.catalogue},
        ladders={ladder.id: ladder for ladder in audit.ladders},
        titles={section.number: section.title for section in audit.sections},
        policy=_policy(style, script),
        style=Markup(style),  # noqa: S704 - our own file
        script=Markup(script),  # noqa: S704 - our own file
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
    environment.tests.update(unchecked=grouping.has_no_check)
    environment.globals.update(
        beyond=beyond, grouping=grouping, method=method, words=words, picture=picture
    )
    return environment


def _shown(value: Any) -> Any:
    """Make hidden characters visible in whatever a template prints; escaping follows."""
    return value if isinstance(value, Markup) else visible(str(value))


def _asset(name: str) -> str:
    return files(__package__).joinpath("templates", name).read_text(encoding="utf-8").strip()


def _policy(style: str, script: str) -> Markup:
    """Allow one style sheet and one script, and forbid everything else."""
    rules = (
        "default-src 'none'",
        f"style-src '{_hash(style)}'",
        f"script-src '{_hash(script)}'",
        "base-uri 'none'",
        "form-action 'none'",
    )
    return Markup("; ".join(rules))  # noqa: S704 - only our own words and base64


def _hash(content: str) -> str:
    digest = hashlib.sha256(content.encode()).digest()
    return f"sha256-{base64.b64encode(digest).decode()}"


def _anchors(audit: Audit) -> list[str]:
    """Give every workload an address of its own: its name, with the region if another has it too.

    The names are percent-encoded, which keeps them apart from the addresses of our own sections:
    those begin with a slash.
    """
    names = Counter(workload.name for workload in audit.workloads)
    return [_anchor(each, several=names[each.name] > 1) for each in audit.workloads]


def _anchor(workload: WorkloadAudit, *, several: bool) -> str:
    name = quote(workload.name, safe="", errors="surrogatepass")
    if len(name) > _LONGEST_ANCHOR:
        name = hashlib.sha256(name.encode()).hexdigest()
    return f"{name}@{quote(workload.region, safe='')}" if several else name
