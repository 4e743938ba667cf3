"""The audit as JUnit XML, which every CI server shows as a table of tests.

A suite is a workload, or the platform of a region. What is not complete has failed. What could not
be seen is an error, which no CI server takes for a success, and what does not apply is skipped.
"""

from itertools import groupby

from junitparser import Error, Failure, JUnitXml, Skipped, TestCase, TestSuite

from mlaudit.audit import Audit
from mlaudit.model import Status
from mlaudit_reports import words
from mlaudit_reports.findings import Finding, findings
from mlaudit_reports.inert import visible

_DECLARATION = '<?xml version="1.0" encoding="utf-8"?>'


def render(audit: Audit) -> str:
    """Write a test for every result."""
    report = JUnitXml(f"mlaudit of account {audit.account}")
    for (region, _), group in groupby(findings(audit), lambda each: (each.region, each.workload)):
        found = list(group)
        suite = TestSuite(visible(found[0].subject))
        suite.timestamp = audit.started_at.strftime("%Y-%m-%dT%H:%M:%S")
        suite.hostname = visible(region)
        suite.add_testcases(map(_case, found))
        report.append(suite)
    report.update_statistics()
    text: str = report.tostring().decode()
    return f"{_DECLARATION}\n{text.rstrip()}\n"


def _case(finding: Finding) -> TestCase:
    item = finding.item
    case = TestCase(f"{item.id} {item.title}", f"mlaudit.section_{item.section}", 0)
    said = visible(item.summary)
    match item.status:
        case Status.FAIL | Status.PARTIAL:
            case.result = [_told(Failure(said, item.status.value), finding)]
        case Status.NOT_ASSESSED:
            case.result = [_told(Error(said, item.status.value), finding)]
        case Status.NOT_APPLICABLE:
            case.result = [Skipped(said)]
        case Status.PASS:
            case.system_out = said
    return case


def _told(result: Failure | Error, finding: Finding) -> Failure | Error:
    facts = [f"{each.arn}: {each.fact}" for each in finding.item.observations]
    gaps = [f"{words.REASON[each.reason]}: {each.words}" for each in finding.item.gaps]
    advice = [f"Next step: {finding.text.next_step}"] if finding.text.next_step else []
    result.text = "\n".join(visible(line) for line in (*facts, *gaps, *advice))
    return result
