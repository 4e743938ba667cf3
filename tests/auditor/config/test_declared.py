"""Declarations in the configuration: read whole, or refused in one sentence with the place."""

from __future__ import annotations

import json
from datetime import date
from pathlib import Path

import pytest
import yaml
from jsonschema import Draft202012Validator

from mlaudit.audit import ExceptionReason
from mlaudit.config import ConfigError, parse_config
from mlaudit.config.document import schema
from mlaudit.declarations import AcceptedException, Attestation, NotApplicable

PATH = Path("mlaudit.yaml")
WHOLE = """\
attestations:
  - item: "5.1"
    workload: fraud
    who: jo@example.com
    when: 2026-03-01
    link: https://wiki.example.com/reviews
    expires: "2026-08-28"
    statement: Hooks run before every commit.
not_applicable:
  - {item: "1.5", workload: "*", reason: labels come with the data, who: sam}
exceptions:
  - item: "6.1"
    workload: fraud
    reason: fix_scheduled
    owner: kim
    ticket: OPS-7
    scope: the endpoint in eu-west-1
    expires: 2026-06-30
"""


def test_declarations_are_read() -> None:
    found = parse_config(WHOLE, PATH).declarations
    day, end = date(2026, 3, 1), date(2026, 8, 28)
    link = "https://wiki.example.com/reviews"
    assert found.attestations == (
        Attestation(
            "5.1", "fraud", "jo@example.com", day, link, end, "Hooks run before every commit."
        ),
    )
    assert found.not_applicable == (NotApplicable("1.5", "*", "labels come with the data", "sam"),)
    assert found.exceptions == (
        AcceptedException(
            "6.1",
            "fraud",
            ExceptionReason.FIX_SCHEDULED,
            "kim",
            "OPS-7",
            "the endpoint in eu-west-1",
            date(2026, 6, 30),
            "",
        ),
    )


WRONG = {
    "an unknown item": ('"5.1"', '"5.77"', "line 2: attestations.0.item: There is no item '5.77'"),
    "an item that is a number": ('"5.1"', "5.1", "line 2: attestations.0.item: "),
    "an attested gate": ('"5.1"', '"4.6"', "line 2: attestations.0.item: The streaming item"),
    "a missing field": ("    who: jo@example.com\n", "", "line 2: attestations.0.who: Field req"),
    "an empty field": ("jo@example.com", '" "', "line 4: attestations.0.who: "),
    "an unknown field": ("who: jo", "whom: jo", "attestations.0.who: Field required"),
    "no day": ("when: 2026-03-01", "when: soon", "line 5: attestations.0.when: Give a day"),
    "a day that is a number": ("2026-03-01", "20260301", "line 5: attestations.0.when: Give"),
    "a moment": ("2026-03-01", "2026-03-01T10:00:00Z", "line 5: attestations.0.when: Give"),
    "a day that is not": ("2026-03-01", "2026-02-31", "is not YAML: "),
    "too long": ("2026-08-28", "2026-08-29", "line 7: attestations.0.expires: At most 180 days"),
    "before it begins": ("2026-08-28", "2026-02-28", "line 7: attestations.0.expires: It expires"),
    "a link that acts": ("https://wiki", "javascript:wiki", "line 6: attestations.0.link: "),
    "a floor item": ('"1.5"', '"6.1"', "line 10: not_applicable.0.item: Item 6.1 guards"),
    "the gate": ('"1.5"', '"4.6"', "line 10: not_applicable.0.item: Item 4.6 guards"),
    "an unknown excuse": ('"1.5"', '"1.55"', "line 10: not_applicable.0.item: There is no item"),
    "an unknown reason": ("fix_scheduled", "no_time", "line 14: exceptions.0.reason: "),
    "no owner": ("    owner: kim\n", "", "line 12: exceptions.0.owner: Field required"),
    "a list twice": ("not_applicable:", "attestations:", "line 9: attestations: It is given twice"),
    "a field twice": ("    ticket: OPS-7\n", "    ticket: a\n    ticket: b\n", "line 17: "),
    "said twice": (
        "not_applicable:\n",
        (
            '  - {item: "5.1", workload: fraud, who: b, when: 2026-03-01, expires: 2026-03-02, '
            "link: https://b.example, statement: b}\nnot_applicable:\n"
        ),
        "line 9: attestations.1.item: Item 5.1 of fraud is already declared in attestations.0",
    ),
    "done and exempt": (
        'item: "1.5", workload: "*"',
        'item: "5.1", workload: fraud',
        "line 10: not_applicable.0.item: Item 5.1 of fraud is already declared in attestations.0",
    ),
}


@pytest.mark.parametrize(("old", "new", "says"), WRONG.values(), ids=WRONG)
def test_a_mistake_is_named_with_its_place(old: str, new: str, says: str) -> None:
    assert old in WHOLE
    with pytest.raises(ConfigError) as raised:
        parse_config(WHOLE.replace(old, new, 1), PATH)
    message = str(raised.value)
    assert message.startswith("mlaudit.yaml")
    assert says in message
    assert message.endswith(".")
    assert "\n" not in message


def test_the_published_schema_takes_what_is_read_and_refuses_what_is_not() -> None:
    document = json.loads(schema())
    Draft202012Validator.check_schema(document)
    validator = Draft202012Validator(document)
    given = yaml.load(WHOLE, Loader=yaml.BaseLoader)  # noqa: S506 - texts alone
    assert validator.is_valid(given)
    given["exceptions"][0]["reason"] = "no_time"
    assert not validator.is_valid(given)
