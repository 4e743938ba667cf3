"""Collect what CloudWatch dashboards show."""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from mlaudit.collect.collector import collector
from mlaudit.collect.monitoring import queried
from mlaudit.collect.operation import Operation
from mlaudit.collect.reader import Reader, Record
from mlaudit.resources import Dashboard, Endpoint, WatchedMetric
from mlaudit.resources.monitoring import ANY

LIST_DASHBOARDS = Operation("cloudwatch", "ListDashboards", "DashboardEntries")
GET_DASHBOARD = Operation("cloudwatch", "GetDashboard")

_SEARCH = re.compile(
    r"""SEARCH\(\s*(?P<quote>['"])\s*\{(?P<schema>[^}]*)\}(?P<terms>.*?)(?P=quote)"""
    r"""\s*(?:,\s*['"](?P<stat>[^'"]+)['"])?""",
    re.IGNORECASE | re.DOTALL,
)
_CALL = re.compile(r"\b(?:SEARCH|SELECT)\b", re.IGNORECASE)
_ENDPOINTS = re.compile(r"sagemaker|EndpointName", re.IGNORECASE)
_TERM = re.compile(r"\\?\"?([\w.:-]+)\\?\"?\s*=\s*\\?\"([^\"\\]*)\\?\"")
_JOINT = re.compile(r"(?:\bAND\b|\s)+", re.IGNORECASE)


@collector(LIST_DASHBOARDS, GET_DASHBOARD)
def dashboards(reader: Reader, endpoints: Sequence[Endpoint]) -> Iterator[Dashboard]:
    """Every dashboard, where an endpoint serves that one could show."""
    serving = [each for each in endpoints if each.serving]
    if not serving:
        return
    account = serving[0].arn.split(":")[4]

    def fetch(entry: Record) -> Dashboard:
        name, arn = entry["DashboardName"], entry["DashboardArn"]
        record = reader.one(GET_DASHBOARD, arn, DashboardName=name)
        shown = _Shown(reader.region, account)
        for widget in json.loads(record["DashboardBody"]).get("widgets") or ():
            _read(widget, shown)
        return Dashboard(
            arn=arn,
            region=reader.region,
            name=name,
            shows=tuple(shown.metrics),
            alarms=tuple(dict.fromkeys(shown.alarms)),
            hides_metrics=shown.hidden,
        )

    yield from reader.each(list(reader.items(LIST_DASHBOARDS)), fetch)


@dataclass
class _Shown:
    """What of one region and account is found widget by widget."""

    region: str
    account: str
    metrics: list[WatchedMetric] = field(default_factory=list)
    alarms: list[str] = field(default_factory=list)
    hidden: bool = False


_OPAQUE = frozenset({"custom", "explorer"})
"""Widgets that show what a function returns, or what has some tags."""
_LISTING = "table"


def _read(widget: Mapping[str, Any], shown: _Shown) -> None:
    kind, properties = widget.get("type"), widget.get("properties") or {}
    if kind in _OPAQUE or (kind == "log" and properties.get("view", _LISTING) != _LISTING):
        shown.hidden = True
    if kind != "metric":
        return
    shown.alarms += (properties.get("annotations") or {}).get("alarms") or ()
    above: list[str] = []
    for row in properties.get("metrics") or ():
        said = {**properties, **(row[-1] if row and isinstance(row[-1], dict) else {})}
        words = _spelled([each for each in row if isinstance(each, str)], above)
        above = words or above
        if _is_here(said, shown):
            _add(words, said, shown)


def _is_here(said: Mapping[str, Any], shown: _Shown) -> bool:
    places = (said.get("region", shown.region), said.get("accountId", shown.account))
    return places == (shown.region, shown.account)


def _spelled(row: list[str], above: list[str]) -> list[str]:
    """A row in full: ``.`` repeats what stands above it, ``...`` all that is not said."""
    if "..." in row:
        at = row.index("...")
        repeated = above[at : len(above) - (len(row) - at - 1)]
        row = [*row[:at], *repeated, *row[at + 1 :]]
    return [above[at] if each == "." else each for at, each in enumerate(row)]


def _add(words: list[str], said: Mapping[str, Any], shown: _Shown) -> None:
    expression = said.get("expression")
    if expression:
        found = _found_by(expression)
        shown.metrics += [found] if found else []
        shown.hidden |= found is None and _may_be_ours(expression)
    elif words:
        namespace, name, *rest = words
        dimensions = dict(zip(rest[::2], rest[1::2], strict=True))
        shown.metrics.append(WatchedMetric(namespace, name, said.get("stat"), dimensions))


def _may_be_ours(expression: str) -> bool:
    """Whether it looks for metrics, and not for those of another service of AWS."""
    speaks = "sagemaker" in expression.lower() or "AWS/" not in expression
    return speaks and bool(_CALL.search(expression))


def _found_by(expression: str) -> WatchedMetric | None:
    """The metric a search or a query finds; ``None`` for any other text."""
    search = _SEARCH.search(expression)
    if search is None:
        return queried(expression) if _ENDPOINTS.search(expression) else None
    namespace, *names = (each.strip(" \"'\\") for each in search["schema"].split(","))
    terms = dict(_TERM.findall(search["terms"]))
    if _JOINT.sub("", _TERM.sub("", search["terms"])):
        return None  # joined by OR or NOT, or free words
    dimensions = {name: terms.get(name, ANY) for name in names}
    return WatchedMetric(namespace, terms.get("MetricName", ANY), search["stat"], dimensions)
