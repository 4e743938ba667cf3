"""Formats that other programs read, each judged by a reader of its own."""

import csv
import io
import json
import re
from collections import Counter
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any
from xml.etree import ElementTree as ET

import botocore.loaders
import botocore.model
import botocore.validate
import pytest
from junitparser import JUnitXml
from prometheus_client.parser import text_string_to_metric_families
from py_ocsf_models.events.findings.compliance_finding import ComplianceFinding
from pydantic_sarif.model import StaticAnalysisResultsFormatSarifVersion210JsonSchema as Sarif

from mlaudit.audit import Audit, ExceptionNote, ExceptionReason, Outcome, Scope
from mlaudit.model import Grade, Observation, Status
from mlaudit_reports import FORMATS
from mlaudit_reports.findings import Finding, findings, partition_of, places


def written(name: str, audit: Audit) -> str:
    return FORMATS[name].render(audit)


def parsed(name: str, audit: Audit) -> Any:
    return json.loads(written(name, audit))


def with_item(audit: Audit, id_: str, **changes: Any) -> Audit:
    """Change one item of the first workload."""
    first, *others = audit.workloads
    items = tuple(replace(item, **changes) if item.id == id_ else item for item in first.items)
    return replace(audit, workloads=(replace(first, items=items), *others))


def of(audit: Audit, id_: str) -> Finding:
    return next(each for each in findings(audit) if each.workload and each.item.id == id_)


class Request:
    """What botocore says of the parameters of an operation."""

    def __init__(self, service: str, operation: str) -> None:
        document = botocore.loaders.Loader().load_service_model(service, "service-2")
        model = botocore.model.ServiceModel(document)
        shape = model.operation_model(operation).input_shape
        assert shape
        self._shape = shape

    def problems(self, params: dict[str, Any]) -> str:
        report = botocore.validate.ParamValidator().validate(params, self._shape)
        return str(report.generate_report())


def test_what_is_judged_once_comes_once(audit: Audit) -> None:
    inherited = with_item(audit, "1.3", scope=Scope.PLATFORM)
    found, all_ = list(findings(inherited)), list(findings(audit))
    assert len({each.fingerprint for each in all_}) == len(all_)
    assert len(found) == len(all_) - 1
    assert [each.subject for each in found if not each.workload] == ["platform in eu-west-1"]


def test_a_fingerprint_outlives_a_change_of_the_result(audit: Audit) -> None:
    changed = with_item(audit, "1.3", status=Status.FAIL, summary="other words")
    assert of(changed, "1.3").fingerprint == of(audit, "1.3").fingerprint
    assert of(replace(audit, account="2" * 12), "1.3").fingerprint != of(audit, "1.3").fingerprint


@pytest.mark.parametrize(
    ("region", "partition"),
    [("eu-west-1", "aws"), ("cn-north-1", "aws-cn"), ("us-gov-west-1", "aws-us-gov")],
)
def test_a_region_has_its_partition(region: str, partition: str) -> None:
    assert partition_of(region) == partition


@pytest.mark.parametrize(
    ("arn", "place"),
    [
        ("repo://app/src/train.py#L12:unit tests:pytest", ("src/train.py", 12)),
        ("repo://app/a b/ü.py#L1:x:y", ("a%20b/%C3%BC.py", 1)),
        ("repo://app/x.py#L0:x:y", ("x.py", 1)),
        ("repo://app", None),
        ("repo://app/x.py#Lmany:x:y", None),
        ("arn:aws:sagemaker:eu-west-1:1:model/x#L3:y", None),
    ],
)
def test_facts_of_a_repository_have_a_line(
    audit: Audit, arn: str, place: tuple[str, int] | None
) -> None:
    seen = (Observation(arn, Grade.MISSED, "fact"),)
    found = places(of(with_item(audit, "1.3", observations=seen), "1.3"))
    assert [(each.path, each.line) for each in found] == ([place] if place else [])


class TestSarif:
    def test_the_published_model_takes_it(self, hostile: Audit) -> None:
        Sarif.model_validate(parsed("sarif", hostile))

    def test_every_open_result_is_there_and_the_worst_first(self, audit: Audit) -> None:
        (run,) = parsed("sarif", audit)["runs"]
        statuses = [each["properties"]["status"] for each in run["results"]]
        expected = Counter(
            each.item.status
            for each in findings(audit)
            if each.item.status not in (Status.PASS, Status.NOT_APPLICABLE)
        )
        assert Counter(statuses) == expected
        worst = ["fail", "partial", "not_assessed"]
        assert statuses == sorted(statuses, key=worst.index)

    def test_rules_and_results_refer_to_each_other(self, audit: Audit) -> None:
        (run,) = parsed("sarif", audit)["runs"]
        rules = run["tool"]["driver"]["rules"]
        assert len({rule["id"] for rule in rules}) == len(rules)
        assert all(rules[each["ruleIndex"]]["id"] == each["ruleId"] for each in run["results"])

    def test_a_viewer_finds_a_place_for_each(self, audit: Audit) -> None:
        fact = (Observation("repo://app/a/train.py#L7:unit tests:", Grade.MISSED, "not run"),)
        seen = with_item(audit, "1.3", status=Status.FAIL, observations=fact)
        (run,) = parsed("sarif", seen)["runs"]
        where = [
            (each["ruleId"], place["artifactLocation"]["uri"], place["region"]["startLine"])
            for each in run["results"]
            for place in (found["physicalLocation"] for found in each["locations"])
        ]
        assert ("1.3", "a/train.py", 7) in where
        assert {each for each in where if each[1] != "a/train.py"} == {
            (id_, "mlaudit.yaml", 1) for id_, path, _ in where if path != "a/train.py"
        }

    @pytest.mark.parametrize(("expired", "kept"), [(False, True), (True, False)])
    def test_an_exception_suppresses_until_it_expires(
        self, audit: Audit, *, expired: bool, kept: bool
    ) -> None:
        left = ExceptionNote(
            ExceptionReason.FIX_SCHEDULED, "o", "T-1", "s", "", date(2027, 1, 1), expired
        )
        seen = with_item(audit, "1.3", status=Status.FAIL, exception=left)
        (run,) = parsed("sarif", seen)["runs"]
        (result,) = [
            each
            for each in run["results"]
            if each["partialFingerprints"]["mlauditItem/v1"] == of(seen, "1.3").fingerprint
        ]
        assert ("suppressions" in result) is kept

    def test_no_more_results_than_viewers_take(
        self, audit: Audit, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr("mlaudit_reports.as_sarif._MOST_RESULTS", 1)
        assert len(parsed("sarif", audit)["runs"][0]["results"]) == 1


class TestJUnit:
    def test_it_is_read_back_with_the_same_numbers(self, hostile: Audit) -> None:
        suites = JUnitXml.fromstring(written("junit", hostile).encode())
        counts = Counter(each.item.status for each in findings(hostile))
        assert suites.tests == counts.total()
        assert suites.failures == counts[Status.FAIL] + counts[Status.PARTIAL]
        assert suites.errors == counts[Status.NOT_ASSESSED]
        assert suites.skipped == counts[Status.NOT_APPLICABLE]

    def test_two_workloads_of_one_name_stay_apart(self, audit: Audit) -> None:
        suites = JUnitXml.fromstring(written("junit", audit).encode())
        assert len(list(suites)) == 1 + len(audit.workloads)

    def test_a_failure_tells_what_was_seen_and_what_to_do(self, audit: Audit) -> None:
        seen = with_item(audit, "1.3", status=Status.FAIL)
        text = written("junit", seen)
        assert of(seen, "1.3").text.next_step in text


class TestCsv:
    def test_it_is_a_table(self, hostile: Audit) -> None:
        rows = list(csv.DictReader(io.StringIO(written("csv", hostile), newline="")))
        assert [row["item"] for row in rows] == [each.item.id for each in findings(hostile)]
        assert all(None not in row and None not in row.values() for row in rows)

    @pytest.mark.parametrize("name", ["=1+1", "+1", "-1", "@x", "\t=1", "\r=1", " =1", "|x", "%x"])
    def test_no_cell_is_a_formula(self, audit: Audit, name: str) -> None:
        first, *others = audit.workloads
        named = replace(audit, workloads=(replace(first, name=name), *others))
        rows = list(csv.DictReader(io.StringIO(written("csv", named), newline="")))
        cells = [cell for row in rows for cell in row.values()]
        assert not [cell for cell in cells if cell.strip()[:1] in set("=+-@|%")]


class TestOcsf:
    def test_the_published_model_takes_each(self, hostile: Audit) -> None:
        found = [ComplianceFinding.model_validate(each) for each in parsed("ocsf", hostile)]
        assert len(found) == len(list(findings(hostile)))

    @pytest.mark.parametrize(
        ("status", "says", "severity"),
        [
            (Status.PASS, "Pass", "Informational"),
            (Status.PARTIAL, "Fail", "Medium"),
            (Status.FAIL, "Fail", "High"),
            (Status.NOT_ASSESSED, "Warning", "Low"),
            (Status.NOT_APPLICABLE, "Other", "Informational"),
        ],
    )
    def test_what_a_status_becomes(
        self, audit: Audit, status: Status, says: str, severity: str
    ) -> None:
        seen = with_item(audit, "1.3", status=status)
        events = {each["finding_info"]["uid"]: each for each in parsed("ocsf", seen)}
        event = events[of(seen, "1.3").fingerprint]
        assert (event["compliance"]["status"], event["severity"]) == (says, severity)


class TestAsff:
    def test_security_hub_takes_the_requests(self, hostile: Audit) -> None:
        request = Request("securityhub", "BatchImportFindings")
        for call in parsed("asff", hostile):
            assert request.problems(call) == ""

    def test_a_request_holds_a_hundred(self, several_hundred: Audit) -> None:
        calls = parsed("asff", several_hundred)
        assert {len(each["Findings"]) for each in calls[:-1]} == {100}
        ids = [finding["Id"] for each in calls for finding in each["Findings"]]
        assert len(set(ids)) == len(ids) == len(list(findings(several_hundred)))

    def test_lengths_are_those_that_it_takes(self, hostile: Audit) -> None:
        for call in parsed("asff", hostile):
            for finding in call["Findings"]:
                assert len(finding["Title"]) <= 256
                assert 0 < len(finding["Description"]) <= 1024
                assert len(finding["Remediation"]["Recommendation"]["Text"]) <= 512
                assert 0 < len(finding["Resources"]) <= 32

    @pytest.mark.parametrize(
        ("status", "says"),
        [
            (Status.PASS, "PASSED"),
            (Status.PARTIAL, "WARNING"),
            (Status.FAIL, "FAILED"),
            (Status.NOT_ASSESSED, "NOT_AVAILABLE"),
        ],
    )
    def test_what_a_status_becomes(self, audit: Audit, status: Status, says: str) -> None:
        seen = with_item(audit, "1.3", status=status)
        mine = of(seen, "1.3").fingerprint
        (found,) = [
            finding
            for call in parsed("asff", seen)
            for finding in call["Findings"]
            if finding["Id"].endswith(mine)
        ]
        assert found["Compliance"]["Status"] == says


class TestPrometheus:
    def test_its_parser_reads_it(self, hostile: Audit) -> None:
        families = list(text_string_to_metric_families(written("prometheus", hostile)))
        assert {each.type for each in families} == {"gauge"}

    def test_numbers_are_those_of_the_audit(self, audit: Audit) -> None:
        families = text_string_to_metric_families(written("prometheus", audit))
        values = {
            (sample.name, *sorted(sample.labels.values())): sample.value
            for family in families
            for sample in family.samples
        }
        first = audit.workloads[0]
        key = (audit.account, first.region, first.name, "gate")
        assert values[("mlaudit_score_complete", *sorted(key))] == first.scores.gate.complete
        assert values[("mlaudit_gaps", audit.account)] == len(audit.gaps)
        said = first.gates["streaming"].outcome
        for outcome in Outcome:
            labels = (audit.account, first.region, first.name, "streaming", outcome.value)
            assert values[("mlaudit_gate", *sorted(labels))] == (outcome is said)


class TestLens:
    def test_the_service_takes_the_answers(self, hostile: Audit) -> None:
        request = Request("wellarchitected", "UpdateAnswer")
        given = {"WorkloadId": "0" * 32, "LensAlias": "lens"}
        for workload in parsed("lens", hostile)["workloads"]:
            for answer in workload["answers"]:
                assert request.problems({**given, **answer}) == ""

    def test_the_lens_keeps_to_the_documented_limits(self, audit: Audit) -> None:
        lens = parsed("lens", audit)["lens"]
        assert len(lens["pillars"]) <= 10
        for pillar in lens["pillars"]:
            assert len(pillar["questions"]) <= 20
            for question in pillar["questions"]:
                ids = {choice["id"] for choice in question["choices"]}
                asked = {rule["condition"] for rule in question["riskRules"]} - {"default"}
                assert asked <= ids
                assert all(id_.replace("_", "a").isalnum() for id_ in ids)
                assert question["id"] + "_no" in ids

    def test_what_was_not_seen_stays_unanswered(self, audit: Audit) -> None:
        seen = with_item(audit, "1.3", status=Status.NOT_ASSESSED)
        document = parsed("lens", seen)
        answers = {each["QuestionId"]: each for each in document["workloads"][0]["answers"]}
        assert answers["item_1_3"]["SelectedChoices"] == []
        assert answers["item_1_3"]["IsApplicable"] is True
        asked = {q["id"]: q for p in document["lens"]["pillars"] for q in p["questions"]}
        for id_, answer in answers.items():
            choices = {choice["id"] for choice in asked[id_]["choices"]}
            assert set(answer["SelectedChoices"]) <= choices


class TestBadge:
    def test_it_shows_the_lowest_score(self, audit: Audit) -> None:
        lowest = min(each.scores.gate.percent for each in audit.workloads)
        assert f"{lowest:.1f} %" in written("badge", audit)
        ET.fromstring(written("badge", audit))  # noqa: S314 - our own text

    def test_an_empty_account_has_no_score(self, audit: Audit) -> None:
        assert "no workload" in written("badge", replace(audit, workloads=()))

    def test_green_needs_every_gate_open(self, audit: Audit) -> None:
        opened = [
            replace(w, gates={"streaming": replace(w.gates["streaming"], outcome=Outcome.OPEN)})
            for w in audit.workloads
        ]
        one_shut = (opened[0], audit.workloads[0])
        green = "#1a6b3c"
        assert green in written("badge", replace(audit, workloads=tuple(opened)))
        assert green not in written("badge", replace(audit, workloads=one_shut))
        assert green not in written("badge", replace(audit, workloads=()))


DASHBOARD = Path(__file__).parents[2] / "docs" / "integrations" / "grafana.json"


def test_the_dashboard_asks_for_metrics_and_labels_that_there_are(audit: Audit) -> None:
    document = json.loads(DASHBOARD.read_text("utf-8"))
    asked = [target["expr"] for panel in document["panels"] for target in panel["targets"]]
    asked += [
        each["query"]["query"] for each in document["templating"]["list"] if each["type"] == "query"
    ]
    families = list(text_string_to_metric_families(written("prometheus", audit)))
    labels = {label for each in families for sample in each.samples for label in sample.labels}
    names = {name for text in asked for name in re.findall(r"mlaudit_\w+", text)}
    assert names
    assert names <= {each.name for each in families}
    assert {found for text in asked for found in re.findall(r"(\w+)(?:!?=~?\")", text)} <= labels
