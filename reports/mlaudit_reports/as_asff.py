"""The audit in the AWS Security Finding Format, as ``securityhub:BatchImportFindings`` takes it.

That call takes a hundred findings at a time, so the document is a list of its requests.
"""

import json
from typing import Any

from mlaudit.audit import Audit
from mlaudit.model import Status
from mlaudit_reports.findings import Finding, findings, partition_of
from mlaudit_reports.inert import visible

_A_CALL = 100
_MOST_RESOURCES = 32
_TYPE = "Software and Configuration Checks/Industry and Regulatory Standards"
_COMPLIANCE = {
    Status.PASS: "PASSED",
    Status.PARTIAL: "WARNING",
    Status.FAIL: "FAILED",
    Status.NOT_ASSESSED: "NOT_AVAILABLE",
    Status.NOT_APPLICABLE: "NOT_AVAILABLE",
}
_SEVERITY = {Status.FAIL: "HIGH", Status.PARTIAL: "MEDIUM", Status.NOT_ASSESSED: "LOW"}
_TITLE, _DESCRIPTION, _ADVICE, _NAME = 256, 1_024, 512, 1_000
"""The lengths that Security Hub takes."""


def render(audit: Audit) -> str:
    """Write requests that import all results; for a region, send those whose findings are of it."""
    all_ = sorted((_imported(each, audit) for each in findings(audit)), key=lambda it: it["Region"])
    calls = [{"Findings": all_[at : at + _A_CALL]} for at in range(0, len(all_), _A_CALL)]
    return json.dumps(calls, indent=1) + "\n"


def _imported(finding: Finding, audit: Audit) -> dict[str, Any]:
    item, text = finding.item, finding.text
    region, moment = visible(finding.region), audit.started_at.isoformat()
    partition = partition_of(region)
    product = f"arn:{partition}:securityhub:{region}:{finding.account}"
    advice: dict[str, Any] = {"Text": (text.next_step or text.asks or text.title)[:_ADVICE]}
    if text.guidance:
        advice["Url"] = text.guidance
    return {
        "SchemaVersion": "2018-10-08",
        "Id": f"{product}:mlaudit/{finding.fingerprint}",
        "ProductArn": f"{product}:product/{finding.account}/default",
        "ProductName": "mlaudit",
        "CompanyName": "mlaudit",
        "Region": region,
        "GeneratorId": f"mlaudit/{item.id}",
        "AwsAccountId": finding.account,
        "Types": [_TYPE],
        "CreatedAt": moment,
        "UpdatedAt": moment,
        "Severity": {"Label": _SEVERITY.get(item.status, "INFORMATIONAL")},
        "Title": _cut(f"{item.id} {item.title}: {finding.subject}", _TITLE),
        "Description": _cut(item.summary or item.title, _DESCRIPTION),
        "Remediation": {"Recommendation": advice},
        "ProductFields": {
            "mlaudit/status": item.status.value,
            "mlaudit/workload": _cut(finding.workload or "-", _NAME),
            "mlaudit/catalogue": audit.catalogue_version,
        },
        "Resources": _resources(finding, partition),
        "Compliance": {"Status": _COMPLIANCE[item.status], "SecurityControlId": f"ML.{item.id}"},
        "Workflow": {"Status": "NEW"},
        "RecordState": "ACTIVE",
    }


def _resources(finding: Finding, partition: str) -> list[dict[str, str]]:
    arns = finding.resources[:_MOST_RESOURCES]
    usual = {"Type": "Other", "Partition": partition, "Region": visible(finding.region)}
    names = [_cut(arn, _NAME) for arn in arns] or [_cut(f"mlaudit/{finding.subject}", _NAME)]
    return [{**usual, "Id": name} for name in names]


def _cut(text: str, length: int) -> str:
    """Make the text visible, and as short as Security Hub wants it."""
    return visible(text)[:length]
