"""Data quality checks of the emulated Glue catalogue."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pytest
from botocore.exceptions import ClientError

TABLE = {"DatabaseName": "lake", "TableName": "t"}
RUN = {
    "DataSource": {"GlueTable": TABLE},
    "Role": "arn:aws:iam::123456789012:role/glue",
    "RulesetNames": ["rules"],
}


def test_rules_are_evaluated_on_a_table(client: Callable[..., Any]) -> None:
    glue = client("glue")
    glue.create_data_quality_ruleset(
        Name="rules", Ruleset='Rules = [ColumnExists "id", RowCount > 0]', TargetTable=TABLE
    )
    (ruleset,) = glue.list_data_quality_rulesets(Filter={"TargetTable": TABLE})["Rulesets"]
    assert (ruleset["Name"], ruleset["RuleCount"]) == ("rules", 2)
    glue.start_data_quality_ruleset_evaluation_run(**RUN)
    (listed,) = glue.list_data_quality_results()["Results"]
    reply = glue.batch_get_data_quality_result(ResultIds=[listed["ResultId"], "none"])
    assert reply["ResultsNotFound"] == ["none"]
    assert [each["Result"] for each in reply["Results"][0]["RuleResults"]] == ["PASS", "PASS"]


def test_unknown_rules_and_known_names_are_refused(client: Callable[..., Any]) -> None:
    glue = client("glue")
    with pytest.raises(ClientError, match="EntityNotFoundException"):
        glue.start_data_quality_ruleset_evaluation_run(**RUN)
    glue.create_data_quality_ruleset(Name="rules", Ruleset="Rules = []")
    with pytest.raises(ClientError, match="AlreadyExistsException"):
        glue.create_data_quality_ruleset(Name="rules", Ruleset="Rules = []")
