"""Templates are the same when they say the same, however they are written."""

import pytest

from mlaudit.errors import MlauditError
from mlaudit.remediate.stacks.template import HIDDEN, digest, read_template

ONE = "Resources: {A: {Type: AWS::SNS::Topic, Properties: {TopicName: !Ref Name}}}"


def test_layout_and_comments_do_not_count() -> None:
    other = """
    # what it is for
    Resources:
      A:
        Properties:
          TopicName: !Ref Name
        Type: "AWS::SNS::Topic"
    """
    assert digest(read_template(ONE), {}) == digest(read_template(other), {})


@pytest.mark.parametrize(
    ("one", "other"),
    [
        (ONE, ONE.replace("Name}", "Other}")),
        (ONE, ONE.replace("!Ref", "!Sub")),
        (ONE, ONE.replace("!Ref ", "")),
        ("A: null", "A: 'null'"),
        ("A: [1, 2]", "A: [2, 1]"),
    ],
)
def test_what_they_say_counts(one: str, other: str) -> None:
    assert digest(read_template(one), {}) != digest(read_template(other), {})


def test_parameters_count() -> None:
    template = read_template(ONE)
    assert digest(template, {"A": "1"}) != digest(template, {"A": "2"})
    assert digest(template, {"A": "1", "B": "2"}) == digest(template, {"B": "2", "A": "1"})


def test_json_is_as_its_text() -> None:
    """GetTemplate answers JSON as a document."""
    document = {"Resources": {"A": {"Type": "AWS::SNS::Topic", "Properties": {"N": "é"}}}}
    text = '{"Resources": {"A": {"Type": "AWS::SNS::Topic",\n "Properties": {"N": "é"}}}}'
    assert digest(read_template(document), {}) == digest(read_template(text), {})


def test_values_are_given_or_kept_or_default() -> None:
    template = read_template(
        "Parameters: {A: {Type: String}, B: {Type: String, Default: b}, C: {Type: Number, "
        "Default: 7}, D: {Type: String, NoEcho: true}, E: {Type: String}}"
    )
    assert template.values({"A": "1"}, {"B": "kept", "D": "seen", "gone": "x"}) == {
        "A": "1",
        "B": "kept",
        "C": "7",
        "D": HIDDEN,
    }


@pytest.mark.parametrize("text", ["A: [", "- one", "", "just words"])
def test_what_is_no_template_is_said(text: str) -> None:
    with pytest.raises(MlauditError, match="The template cannot be read"):
        read_template(text)
