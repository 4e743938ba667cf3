"""Data quality checks of the Glue catalogue."""

from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect import quality
from mlaudit.collect.collector import Collector
from mlaudit.resources import CatalogTable
from mlaudit.testing import build

MAY = datetime(2026, 5, 20, tzinfo=UTC)
TABLE = build(
    CatalogTable, "t", arn="arn:aws:glue:eu-west-1:1:table/lake/t", database="lake", name="t"
)
MINE = {"DatabaseName": "lake", "TableName": "t"}
OTHER = {"DatabaseName": "lake", "TableName": "u"}


def _run(collector: Collector, reader: Any, *needed: Any) -> list[Any]:
    return list(collector.run(reader, *needed))


def test_rulesets_for_tables_of_work_are_kept(reader_of: Any, answers: Any) -> None:
    rulesets = [
        {"Name": "mine", "TargetTable": MINE},
        {"Name": "other", "TargetTable": OTHER},
        {"Name": "of-a-job"},
    ]
    reader = reader_of(answers(ListDataQualityRulesets={"Rulesets": rulesets}))
    (found,) = _run(quality.data_quality_rulesets, reader, [TABLE])
    assert (found.name, found.table_arn) == ("mine", TABLE.arn)
    assert found.arn == "arn:aws:glue:eu-west-1:1:dataQualityRuleset/mine"


def test_without_tables_nothing_is_asked(reader_of: Any, answers: Any) -> None:
    api = answers()
    assert _run(quality.data_quality_rulesets, reader_of(api), []) == []
    assert _run(quality.data_quality_results, reader_of(api), []) == []
    assert api.asked == []


def summary(id_: str, source: Any, day: int, job: str | None = None) -> dict[str, Any]:
    started = {"ResultId": id_, "DataSource": source, "StartedOn": MAY.replace(day=day)}
    return started | ({"JobName": job} if job else {})


def test_the_newest_result_of_each_table_and_job_is_read(reader_of: Any, answers: Any) -> None:
    listed = [
        summary("new", {"GlueTable": MINE}, 21),
        summary("old", {"GlueTable": MINE}, 20),
        summary("job", {"DataQualityGlueTable": MINE}, 19, "etl"),
        summary("other", {"GlueTable": OTHER}, 22),
        {"ResultId": "frame", "JobName": "etl", "StartedOn": MAY},
    ]

    def results(params: Any) -> Any:
        assert params["ResultIds"] == ["job", "new"]
        return {"Results": [{**listed[0], "RuleResults": []}]}

    api = answers(ListDataQualityResults={"Results": listed}, BatchGetDataQualityResult=results)
    (found,) = _run(quality.data_quality_results, reader_of(api), [TABLE])
    assert (found.arn, found.table_arn) == (f"{TABLE.arn}#new", TABLE.arn)
    asked = dict(api.asked)["ListDataQualityResults"]
    assert asked["Filter"]["StartedAfter"] == datetime(2026, 5, 2, tzinfo=UTC)


@pytest.mark.parametrize(
    ("rules", "expected"),
    [
        ([("PASS", 'ColumnExists "a"'), ("PASS", "ColumnCount = 3")], (2, 0, True)),
        ([("PASS", 'IsComplete "a"'), ("FAIL", "RowCount > 1")], (1, 1, False)),
        ([("PASS", 'ColumnExists "a"'), ("ERROR", 'Completeness "a" > 0.9')], (1, 1, False)),
    ],
)
def test_a_result_tells_what_held_and_what_was_tried(
    rules: list[tuple[str, str]], expected: tuple[int, int, bool], reader_of: Any, answers: Any
) -> None:
    record = summary("new", {"GlueTable": MINE}, 21)
    told = [{"Result": result, "Description": rule} for result, rule in rules]
    full = {**record, "RuleResults": told, "CompletedOn": MAY}
    api = answers(
        ListDataQualityResults={"Results": [record]}, BatchGetDataQualityResult={"Results": [full]}
    )
    (found,) = _run(quality.data_quality_results, reader_of(api), [TABLE])
    assert (found.passed, found.failed, found.schema_only) == expected
    assert found.ended_at == MAY
