"""The audit as SARIF 2.1.0, for GitHub code scanning and other viewers of analyses.

GitHub shows results at a place in a repository. Where the facts name none, the place is the
configuration, in which people declare what AWS cannot show.
"""

import json
from typing import Any

from mlaudit.audit import Audit, ItemText
from mlaudit.model import Status
from mlaudit_reports.findings import OPEN, Finding, Place, findings, places
from mlaudit_reports.inert import visible

_SCHEMA = (
    "https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json"
)
_LEVEL = {Status.FAIL: "error", Status.PARTIAL: "warning", Status.NOT_ASSESSED: "note"}
_SEVERITY = {Status.FAIL: "high", Status.PARTIAL: "medium", Status.NOT_ASSESSED: "low"}
_CONFIGURATION = Place("mlaudit.yaml", 1)
_MOST_RESULTS, _MOST_PLACES = 25_000, 10
"""What GitHub takes of one run, and shows of one result."""


def render(audit: Audit) -> str:
    """Write what is open as results, and every item as a rule."""
    rules = {text.id: place for place, text in enumerate(audit.catalogue)}
    found = [each for each in findings(audit) if each.item.status in OPEN]
    found.sort(key=lambda each: list(_LEVEL).index(each.item.status))
    run = {
        "tool": {"driver": _driver(audit)},
        "automationDetails": {"id": f"mlaudit/{audit.account}/"},
        "originalUriBaseIds": {"ROOT": {"description": {"text": "The root of the repository"}}},
        "results": [_result(each, rules) for each in found[:_MOST_RESULTS]],
        "columnKind": "unicodeCodePoints",
    }
    document = {"$schema": _SCHEMA, "version": "2.1.0", "runs": [run]}
    return json.dumps(document, indent=1) + "\n"


def _driver(audit: Audit) -> dict[str, Any]:
    return {
        "name": "mlaudit",
        "version": audit.tool_version,
        "rules": [_rule(text) for text in audit.catalogue],
        "properties": {"catalogueVersion": audit.catalogue_version},
    }


def _rule(text: ItemText) -> dict[str, Any]:
    advice = text.next_step or text.asks
    rule: dict[str, Any] = {
        "id": text.id,
        "name": "".join(word.capitalize() for word in text.title.split() if word.isalnum()),
        "shortDescription": {"text": f"{text.id} {text.title}"},
        "fullDescription": {"text": text.asks or text.title},
        "help": {"text": advice or text.title, "markdown": f"**{text.title}.** {advice}"},
        "defaultConfiguration": {"level": "error"},
        "properties": {"tags": ["mlops", f"section-{text.section}"]},
    }
    return rule | ({"helpUri": text.guidance} if text.guidance else {})


def _result(finding: Finding, rules: dict[str, int]) -> dict[str, Any]:
    item = finding.item
    result: dict[str, Any] = {
        "ruleId": item.id,
        "level": _LEVEL[item.status],
        "kind": "fail",
        "message": {"text": f"{visible(finding.subject)}: {visible(item.summary)}"},
        "locations": [_location(each) for each in places(finding)[:_MOST_PLACES]]
        or [_location(_CONFIGURATION)],
        "partialFingerprints": {"mlauditItem/v1": finding.fingerprint},
        "properties": {
            "status": item.status.value,
            "severity": _SEVERITY[item.status],
            "workload": visible(finding.workload),
            "region": visible(finding.region),
            "resources": [visible(arn) for arn in finding.resources],
        },
    }
    if item.id in rules:
        result["ruleIndex"] = rules[item.id]
    if item.exception and not item.exception.expired:
        said = f"{item.exception.reason.value}, {item.exception.ticket}"
        result["suppressions"] = [{"kind": "external", "justification": visible(said)}]
    return result


def _location(place: Place) -> dict[str, Any]:
    artifact = {"uri": place.path, "uriBaseId": "ROOT"}
    return {"physicalLocation": {"artifactLocation": artifact, "region": {"startLine": place.line}}}
