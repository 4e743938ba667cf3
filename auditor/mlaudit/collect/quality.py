"""Collect the data quality checks of the Glue catalogue."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence

from mlaudit.collect.collector import collector
from mlaudit.collect.operation import Operation, lists
from mlaudit.collect.reader import Reader, Record
from mlaudit.collect.values import utc
from mlaudit.resources import CatalogTable, DataQualityResult, DataQualityRuleset

LIST_RULESETS = lists("glue", "ListDataQualityRulesets", "Rulesets", 1000)
LIST_RESULTS = lists("glue", "ListDataQualityResults", "Results", 1000)
GET_RESULTS = Operation("glue", "BatchGetDataQualityResult")

_AT_A_TIME = 100
"""How many results one call gives."""
_OF_THE_SCHEMA = re.compile(r"Column(Count|DataType|Exists|NamesMatchPattern)\b|SchemaMatch\b")
"""Types of rules that look at the names and types of columns only."""

_Named = Mapping[tuple[str, str], CatalogTable]
"""Tables by the names of their database and their own."""


@collector(LIST_RULESETS)
def data_quality_rulesets(
    reader: Reader, tables: Sequence[CatalogTable]
) -> Iterator[DataQualityRuleset]:
    """Every ruleset for a table that work reads or writes."""
    named = _named(tables)
    for each in reader.items(LIST_RULESETS) if named else ():
        table = _table(each.get("TargetTable"), named)
        if table:
            yield DataQualityRuleset(
                arn=f"{table.arn.partition(':table/')[0]}:dataQualityRuleset/{each['Name']}",
                region=reader.region,
                name=each["Name"],
                table_arn=table.arn,
            )


@collector(LIST_RESULTS, GET_RESULTS)
def data_quality_results(
    reader: Reader, tables: Sequence[CatalogTable]
) -> Iterator[DataQualityResult]:
    """The newest result of the window for each table that work reads or writes, by job."""
    named = _named(tables)
    if not named:
        return
    listed = reader.items(LIST_RESULTS, Filter={"StartedAfter": reader.window.start})
    newest = list(_newest(listed, named))

    def fetch(ids: Sequence[str]) -> list[Record]:
        return list(reader.one(GET_RESULTS, ResultIds=ids)["Results"])

    parts = [newest[at : at + _AT_A_TIME] for at in range(0, len(newest), _AT_A_TIME)]
    for results in reader.each(parts, fetch):
        for each in results:
            table = _table(_source(each), named)
            if table:
                yield _result(each, table, reader.region)


def _named(tables: Iterable[CatalogTable]) -> _Named:
    return {(each.database, each.name): each for each in tables}


def _table(target: Record | None, named: _Named) -> CatalogTable | None:
    target = target or {}
    return named.get((target.get("DatabaseName", ""), target.get("TableName", "")))


def _source(result: Record) -> Record | None:
    source: Record = result.get("DataSource") or {}
    return source.get("GlueTable") or source.get("DataQualityGlueTable")


def _newest(listed: Iterable[Record], named: _Named) -> Iterator[str]:
    found: dict[tuple[str, str], Record] = {}
    for each in sorted(listed, key=lambda each: (each["StartedOn"], each["ResultId"])):
        table = _table(_source(each), named)
        if table:
            found[table.arn, each.get("JobName", "")] = each
    yield from sorted(each["ResultId"] for each in found.values())


def _result(record: Record, table: CatalogTable, region: str) -> DataQualityResult:
    rules = record.get("RuleResults") or ()
    passed = sum(each.get("Result") == "PASS" for each in rules)
    said = (each.get("EvaluatedRule") or each.get("Description") or "" for each in rules)
    return DataQualityResult(
        arn=f"{table.arn}#{record['ResultId']}",
        region=region,
        table_arn=table.arn,
        passed=passed,
        failed=len(rules) - passed,
        schema_only=all(_OF_THE_SCHEMA.match(each.strip()) for each in said),
        ended_at=utc(record.get("CompletedOn") or record["StartedOn"]),
    )
