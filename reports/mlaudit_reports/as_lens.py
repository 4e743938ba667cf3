"""The checklist as a custom lens of the AWS Well-Architected Tool, with answers from the audit.

Import ``lens`` with ``wellarchitected:ImportLens``. Each answer is a request to
``wellarchitected:UpdateAnswer`` that lacks only the ids which that service gives to a workload and
to the imported lens. What could not be seen stays unanswered.
"""

import json
import re
from collections.abc import Iterable
from typing import Any

from mlaudit.audit import Audit, ItemText, SectionText, WorkloadAudit
from mlaudit.model import Status
from mlaudit_reports import words
from mlaudit_reports.inert import visible

_CHOICE = {Status.PASS: "done", Status.PARTIAL: "partly", Status.FAIL: "no"}
_TITLES = {
    "done": "It is in use, and ran within the evidence window",
    "partly": "It is set up in part, or did not run within the evidence window",
    "no": "None of these",
}
_NAME, _DESCRIPTION, _NOTES = 128, 2_048, 2_084
"""The lengths that the service takes."""


def render(audit: Audit) -> str:
    """Write the lens, and the answers of each workload."""
    answers = [{"workload": visible(w.name), "answers": _answers(w)} for w in audit.workloads]
    return json.dumps({"lens": _lens(audit), "workloads": answers}, indent=1) + "\n"


def _lens(audit: Audit) -> dict[str, Any]:
    return {
        "schemaVersion": "2021-11-01",
        "name": "MLOps checklist",
        "description": (
            "The MLOps checklist of AWS Prescriptive Guidance, as mlaudit judges it "
            f"(catalogue {audit.catalogue_version})."
        ),
        "pillars": [_pillar(each, audit.catalogue) for each in audit.sections],
    }


def _pillar(section: SectionText, catalogue: Iterable[ItemText]) -> dict[str, Any]:
    return {
        "id": f"section_{section.number}",
        "name": section.title[:_NAME],
        "questions": [_question(text) for text in catalogue if text.section == section.number],
    }


def _question(text: ItemText) -> dict[str, Any]:
    id_ = _id(text.id)
    return {
        "id": id_,
        "title": f"{text.id} {text.title}"[:_NAME],
        "description": text.asks[:_DESCRIPTION],
        "choices": [_choice(id_, name, text) for name in _TITLES],
        "riskRules": [
            {"condition": f"{id_}_done", "risk": "NO_RISK"},
            {"condition": f"{id_}_partly", "risk": "MEDIUM_RISK"},
            {"condition": "default", "risk": "HIGH_RISK"},
        ],
    }


def _choice(question: str, name: str, text: ItemText) -> dict[str, Any]:
    choice: dict[str, Any] = {"id": f"{question}_{name}", "title": _TITLES[name]}
    link = {"url": text.guidance} if text.guidance else {}
    if name != "no":
        asks = text.asks[:_DESCRIPTION] or text.title
        choice["helpfulResource"] = {"displayText": asks, **link}
        advice = text.next_step[:_DESCRIPTION] or asks
        choice["improvementPlan"] = {"displayText": advice, **link}
    return choice


def _answers(workload: WorkloadAudit) -> list[dict[str, Any]]:
    answers: list[dict[str, Any]] = []
    for item in workload.items:
        chosen = _CHOICE.get(item.status)
        said = f"{words.STATUS[item.status]}: {visible(item.summary)}"
        answer: dict[str, Any] = {
            "QuestionId": _id(item.id),
            "SelectedChoices": [f"{_id(item.id)}_{chosen}"] if chosen else [],
            "Notes": said[:_NOTES],
            "IsApplicable": item.status is not Status.NOT_APPLICABLE,
        }
        if item.status is Status.NOT_APPLICABLE:
            answer["Reason"] = "OTHER"
        answers.append(answer)
    return answers


def _id(item: str) -> str:
    return "item_" + re.sub(r"\W", "_", item, flags=re.ASCII)
