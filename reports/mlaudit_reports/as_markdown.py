"""The audit as Markdown, for a repository, a pull request or a wiki page.

Everything the template prints is escaped on its way out, by ``finalize``: no line of the template
can forget it. Names and identifiers go through :func:`code`, where Markdown has no other meaning.
"""

import re
from typing import Any

from jinja2 import Environment, PackageLoader, StrictUndefined
from markupsafe import Markup, escape

from mlaudit.audit import Audit
from mlaudit.drawing import LineagePicture
from mlaudit_reports import beyond, grouping, words
from mlaudit_reports.inert import visible
from mlaudit_reports.method import method

_PUNCTUATION = re.compile(r"([\\`*_\[\]|~$])")
_LINE_START = re.compile(r"^ *(?:(\d+)(?=[.)](?: |$))|(?=[-+#=]))")
"""What would make a heading, a list or a rule at the start of a line."""

_ACTIVE = re.compile(r"(?<=@)(?=\w)|(?<=:)(?=//)|(?<=www)(?=\.)|(?<=#)(?=\d)", re.IGNORECASE)
"""Where GitHub would begin a mention, a link or a reference to an issue."""

_NOT_IN_CODE = re.compile(r"[`|]")
_NOT_IN_DIAGRAM = re.compile(r"[^\w .:/-]", re.ASCII)
_DIAGRAM_NODES = 20
_ZERO_WIDTH = "\u200b"


def render(audit: Audit) -> str:
    """Write the report as GitHub-flavoured Markdown."""
    return (
        environment()
        .get_template("report.md.j2")
        .render(
            audit=audit,
            texts={text.id: text for text in audit.catalogue},
            ladders={ladder.id: ladder for ladder in audit.ladders},
        )
    )


def environment() -> Environment:
    """Make the environment of Markdown templates, anew for each report: nothing outlives it."""
    made = Environment(
        autoescape=True,
        finalize=prose,
        keep_trailing_newline=True,
        loader=PackageLoader(__package__),
        lstrip_blocks=True,
        trim_blocks=True,
        undefined=StrictUndefined,
    )
    made.filters.update(code=code, in_html=in_html, share=words.share, moment=words.moment)
    made.globals.update(
        beyond=beyond, grouping=grouping, method=method, words=words, mermaid=mermaid
    )
    return made


def prose(value: Any) -> Markup:
    """Escape a text so that it reads as itself inside a line or a table cell."""
    if isinstance(value, Markup):
        return value
    apart = _ACTIVE.sub(_ZERO_WIDTH, visible(str(value)))
    plain = apart.replace("&", "&amp;").replace("<", "&lt;").replace(">", "&gt;")
    flat = _LINE_START.sub(r"\1\\", _PUNCTUATION.sub(r"\\\1", plain))
    return Markup(flat)  # noqa: S704 - escaped by the lines above


def in_html(value: object) -> Markup:
    """Escape a text between HTML tags of the report, where Markdown is not read."""
    return escape(_ACTIVE.sub(_ZERO_WIDTH, visible(str(value))))


def code(value: object) -> Markup:
    """Write an identifier as code; the two characters that end code or a cell are spelled out."""
    inner = _NOT_IN_CODE.sub(lambda found: f"<U+{ord(found[0]):04X}>", visible(str(value)))
    return Markup(f"`{inner or ' '}`")  # noqa: S704 - nothing has a meaning inside a code span


def mermaid(picture: LineagePicture) -> Markup:
    """Draw a small lineage as a flowchart; a large one would not be readable, so: nothing."""
    if not picture.edges or len(picture.nodes) > _DIAGRAM_NODES:
        return Markup()
    numbers = {node.id: f"n{index}" for index, node in enumerate(picture.nodes)}
    boxes = [f'    {numbers[n.id]}["{_label(n.label)}<br>{_label(n.kind)}"]' for n in picture.nodes]
    arrows = [
        f'    {numbers[edge.source]} -->|"{_label(edge.relation)}"| {numbers[edge.target]}'
        for edge in picture.edges
        if edge.source in numbers and edge.target in numbers
    ]
    lines = ["```mermaid", "flowchart LR", *boxes, *arrows, "```"]
    return Markup("\n".join(lines))  # noqa: S704 - labels keep only harmless letters


def _label(text: str) -> str:
    return _NOT_IN_DIAGRAM.sub("_", visible(text, 60))
