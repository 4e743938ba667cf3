import json
from dataclasses import replace
from types import MappingProxyType
from typing import Any

import pytest
from jsonschema import Draft202012Validator

from mlaudit.audit import Audit
from mlaudit_reports import as_json


@pytest.fixture
def document(audit: Audit) -> dict[str, Any]:
    parsed: dict[str, Any] = json.loads(as_json.render(audit))
    return parsed


def test_what_was_written_loads_back_unchanged(audit: Audit) -> None:
    assert as_json.load(as_json.render(audit)) == audit


def test_badly_chosen_names_load_back_unchanged(hostile: Audit) -> None:
    assert as_json.load(as_json.render(hostile)) == hostile


def test_the_text_is_printable_ascii(hostile: Audit) -> None:
    assert all(
        line.isascii() and line.isprintable() for line in as_json.render(hostile).split("\n")
    )


def test_the_document_is_valid_by_its_schema(hostile: Audit) -> None:
    schema = json.loads(as_json.schema())
    Draft202012Validator.check_schema(schema)
    Draft202012Validator(schema).validate(json.loads(as_json.render(hostile)))


def test_a_field_of_the_wrong_kind_is_not_valid(document: dict[str, Any]) -> None:
    document["workloads"][0]["items"][0]["status"] = "maybe"
    assert not Draft202012Validator(json.loads(as_json.schema())).is_valid(document)


def test_a_platform_item_is_flat_in_the_schema_too(document: dict[str, Any]) -> None:
    validator = Draft202012Validator(json.loads(as_json.schema()))
    del document["platform"]["items"][0]["title"]
    assert not validator.is_valid(document)


def test_every_field_of_the_schema_is_described() -> None:
    definitions = json.loads(as_json.schema())["$defs"]
    fields = definitions["GateDecision"]["properties"]
    assert all(field["description"] for field in fields.values())
    assert "Attributes" not in as_json.schema()


def test_the_contract_holds(document: dict[str, Any]) -> None:
    assert document["started_at"] == "2026-03-14T09:26:53Z"
    assert document["platform"]["items"][0]["region"] == "eu-west-1"
    assert document["platform"]["items"][0]["status"] == "pass"
    workload = document["workloads"][0]
    assert workload["scores"]["strict"] == {"complete": 5, "applicable": 10, "percent": 50.0}
    assert workload["gates"]["streaming"]["outcome"] == "cannot_decide"
    assert workload["items"][0].keys() >= {"id", "title", "status", "strength", "summary"}
    assert workload["items"][0]["observations"][0].keys() >= {"arn", "fact", "at"}
    assert document["gaps"][0].keys() >= {"operation", "region", "code", "reason"}


def test_what_people_declare_is_written(document: dict[str, Any]) -> None:
    items = {each["id"]: each for each in document["workloads"][0]["items"]}
    assert items["4.5"]["attestation"]["effect"] == "counts"
    assert items["4.5"]["attestation"]["expires"] == "2026-06-01"
    assert items["4.6"]["exception"].items() >= {"owner": "fraud-model", "expired": True}.items()
    assert items["1.1"]["attestation"] is None
    assert document["stale"][0]["why"] == "expired"


def test_an_audit_from_before_declarations_loads(document: dict[str, Any]) -> None:
    for part in ("stale", "extended", "extended_catalogue", "groups"):
        del document[part]
    for workload in document["workloads"]:
        for item in workload["items"]:
            del item["attestation"], item["exception"]
    assert as_json.load(json.dumps(document)).stale == ()
    Draft202012Validator(json.loads(as_json.schema())).validate(document)


def test_the_order_of_mappings_does_not_show(audit: Audit) -> None:
    turned = replace(audit, calls=MappingProxyType({"failed": 3, "made": 412}))
    assert as_json.render(turned) == as_json.render(audit)


def test_keys_of_later_versions_are_passed_over(audit: Audit, document: dict[str, Any]) -> None:
    assert as_json.load(json.dumps({**document, "later": 1})) == audit


@pytest.mark.parametrize(
    ("text", "says"),
    [
        ("{", "not JSON at line 1"),
        ("[]", "the document"),
        ('{"schema_version": 99}', "schema version 99"),
        ('{"schema_version": 1, "platform": {"items": [3]}}', "not an audit"),
    ],
)
def test_what_is_no_audit_is_refused_with_the_reason(text: str, says: str) -> None:
    with pytest.raises(as_json.UnreadableAuditError, match=says):
        as_json.load(text)


def test_the_place_of_a_wrong_field_is_named(document: dict[str, Any]) -> None:
    document["workloads"][1]["items"][0]["status"] = "maybe"
    with pytest.raises(as_json.UnreadableAuditError, match=r"workloads\.1\.items\.0\.status"):
        as_json.load(json.dumps(document))
