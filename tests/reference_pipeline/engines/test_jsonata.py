"""Values in the words of a state machine."""

from __future__ import annotations

from typing import Any

import pytest

from mlaudit_reference.definitions.expressions import (
    Deployed,
    Made,
    Output,
    Parameter,
    Run,
    joined,
)
from mlaudit_reference.engines.jsonata import in_jsonata, quoted

PLACE = joined("s3://", Deployed("Bucket"), "/", Run("id"), "/train")


@pytest.mark.parametrize(
    ("value", "words"),
    [
        ("plain", "plain"),
        (7, 7),
        (Deployed("Key"), "${Key}"),
        (Parameter("Trigger"), "{% $Trigger %}"),
        (Run("arn"), "{% $states.context.Execution.Id %}"),
        (Made("Tune", "BestTrainingJob.TrainingJobName"),
         "{% $Tune_BestTrainingJob_TrainingJobName %}"),
        (joined("s3://", Deployed("Bucket"), "/a"), "s3://${Bucket}/a"),
        (PLACE, "{% 's3://${Bucket}/' & $run & '/train' %}"),
        (Output("Preprocess", "train", PLACE), "{% 's3://${Bucket}/' & $run & '/train' %}"),
        ({"a": [Run("id")]}, {"a": ["{% $run %}"]}),
    ],
)  # fmt: skip
def test_a_value_is_said_as_it_stands_or_as_an_expression(value: Any, words: Any) -> None:
    assert in_jsonata(value) == words


@pytest.mark.parametrize(
    ("text", "expected"), [("a", "'a'"), ("it's", r"'it\'s'"), ("a\\b", r"'a\\b'")]
)
def test_quotes_in_a_text_stay_in_it(text: str, expected: str) -> None:
    assert quoted(text) == expected
