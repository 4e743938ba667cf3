"""The audit as OCSF compliance findings (class 2003), for security lakes and SIEMs."""

import json
from typing import Any

from mlaudit.audit import Audit
from mlaudit.model import Status
from mlaudit_reports.findings import Finding, findings
from mlaudit_reports.inert import visible

_VERSION = "1.5.0"
_CREATE, _FINDINGS, _COMPLIANCE = 1, 2, 2003
_SEVERITY = {
    Status.FAIL: (4, "High"),
    Status.PARTIAL: (3, "Medium"),
    Status.NOT_ASSESSED: (2, "Low"),
}
_NO_HARM = (1, "Informational")
_STATUS = {  # a warning is what OCSF calls a check without a result for want of information
    Status.PASS: (1, "Pass"),
    Status.PARTIAL: (3, "Fail"),
    Status.FAIL: (3, "Fail"),
    Status.NOT_ASSESSED: (2, "Warning"),
    Status.NOT_APPLICABLE: (99, "Other"),
}
_STANDARD = "AWS Prescriptive Guidance MLOps checklist"


def render(audit: Audit) -> str:
    """Write one finding for each result, as a list."""
    return json.dumps([_event(each, audit) for each in findings(audit)], indent=1) + "\n"


def _event(finding: Finding, audit: Audit) -> dict[str, Any]:
    item, text = finding.item, finding.text
    severity_id, severity = _SEVERITY.get(item.status, _NO_HARM)
    status_id, status = _STATUS[item.status]
    moment = int(audit.started_at.timestamp() * 1000)
    advice = text.next_step or text.asks or text.title
    references = [text.guidance] if text.guidance else []
    return {
        "activity_id": _CREATE,
        "activity_name": "Create",
        "category_uid": _FINDINGS,
        "category_name": "Findings",
        "class_uid": _COMPLIANCE,
        "class_name": "Compliance Finding",
        "type_uid": _COMPLIANCE * 100 + _CREATE,
        "type_name": "Compliance Finding: Create",
        "time": moment,
        "message": visible(item.summary),
        "severity_id": severity_id,
        "severity": severity,
        "status_id": 1,
        "status": "New",
        "metadata": {
            "version": _VERSION,
            "product": {
                "name": "mlaudit",
                "vendor_name": "mlaudit",
                "uid": "mlaudit",
                "version": audit.tool_version,
            },
            "profiles": ["cloud"],
        },
        "cloud": {
            "provider": "AWS",
            "region": visible(finding.region),
            "account": {"uid": finding.account, "type_id": 10, "type": "AWS Account"},
        },
        "compliance": {
            "control": item.id,
            "requirements": [f"{item.id} {item.title}"],
            "standards": [_STANDARD],
            "status_id": status_id,
            "status": status,
        },
        "finding_info": {
            "uid": finding.fingerprint,
            "title": f"{visible(finding.subject)}: {item.title}",
            "desc": text.asks or item.title,
            "types": [f"section {item.section}"],
            "created_time": moment,
        },
        "remediation": {"desc": advice, "references": references},
        "resources": [_resource(each, finding) for each in finding.resources]
        or [{"uid": visible(finding.subject), "type": "Workload"}],
    }


def _resource(arn: str, finding: Finding) -> dict[str, Any]:
    _, _, service, *_ = [*arn.split(":"), "", "", ""]
    return {
        "uid": visible(arn, 2_000),
        "type": visible(service),
        "region": visible(finding.region),
        "cloud_partition": visible(arn.split(":")[1]),
    }
