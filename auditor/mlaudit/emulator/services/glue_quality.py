"""Glue Data Quality: rulesets for tables, and runs in which every rule holds unless told."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import timedelta
from typing import Any

from moto.glue.models import glue_backends

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.services import pages

_RULESET = "glue:DataQualityRuleset"
_RESULT = "glue:DataQualityResult"
_LASTS = timedelta(minutes=4)
_RULES = re.compile(r"Rules\s*=\s*\[(.*)\]", re.DOTALL)


def create(call: Call) -> Record:
    """Create a ruleset."""
    name = call.params["Name"]
    if name in call.space.table(_RULESET):
        raise Refusal("AlreadyExistsException", f"Ruleset {name} already exists.")
    call.space.table(_RULESET)[name] = {
        **call.params,
        "CreatedOn": call.now,
        "LastModifiedOn": call.now,
        "RuleCount": len(_rules(call.params["Ruleset"])),
    }
    _tags_of(call).tag_resource(_arn(call, name), _pairs(call.params.get("Tags", {})))
    return {"Name": name}


def get(call: Call) -> Record:
    """Describe a ruleset."""
    return _ruleset(call, call.params["Name"])


def update(call: Call) -> Record:
    """Change a ruleset."""
    record = _ruleset(call, call.params["Name"])
    record |= {**call.params, "LastModifiedOn": call.now}
    record["RuleCount"] = len(_rules(record["Ruleset"]))
    return record


def delete(call: Call) -> Record:
    """Delete a ruleset."""
    name = _ruleset(call, call.params["Name"])["Name"]
    _tags_of(call).delete_all_tags_for_resource(_arn(call, name))
    del call.space.table(_RULESET)[name]
    return {}


def list_(call: Call) -> Record:
    """List the rulesets; only the filter by table is known."""
    target = call.params.get("Filter", {}).get("TargetTable")
    rows = [
        row
        for row in call.space.rows(_RULESET)
        if target is None or row.get("TargetTable") == target
    ]
    return pages.cut(call, rows, member="Rulesets", size="MaxResults")


def start(call: Call) -> Record:
    """Evaluate rulesets on a table; ``becomes`` tells what a rule came to, by its number from 0."""
    for name in call.params["RulesetNames"]:
        ruleset = _ruleset(call, name)
        number = call.space.count(_RESULT)
        result_id = f"dqresult-{number:040x}"
        outcomes = call.becomes.get("Results", {})
        call.space.table(_RESULT)[result_id] = {
            "ResultId": result_id,
            "DataSource": call.params["DataSource"],
            "RulesetName": name,
            "StartedOn": call.now,
            "CompletedOn": call.now + _LASTS,
            "RuleResults": [
                {
                    "Name": f"Rule_{at + 1}",
                    "Description": rule,
                    "Result": outcomes.get(str(at), "PASS"),
                }
                for at, rule in enumerate(_rules(ruleset["Ruleset"]))
            ],
        }
    return {"RunId": f"dqrun-{call.space.count('glue:DataQualityRun'):040x}"}


def list_results(call: Call) -> Record:
    """List the results since a moment; other filters are not known."""
    since = call.params.get("Filter", {}).get("StartedAfter")
    rows = [row for row in call.space.rows(_RESULT) if since is None or row["StartedOn"] >= since]
    return pages.cut(call, rows, member="Results", size="MaxResults")


def get_results(call: Call) -> Record:
    """Return results by their ids."""
    known = call.space.table(_RESULT)
    asked = call.params["ResultIds"]
    missing = [each for each in asked if each not in known]
    found: Record = {"Results": [known[each] for each in asked if each in known]}
    return found | ({"ResultsNotFound": missing} if missing else {})


def _tags_of(call: Call) -> Any:
    """Return where moto keeps the tags of everything of Glue."""
    return glue_backends[call.account][call.region].tagger


def _arn(call: Call, name: str) -> str:
    return call.arn(f"dataQualityRuleset/{name}")


def _pairs(tags: Mapping[str, str]) -> list[dict[str, str]]:
    return [{"Key": key, "Value": value} for key, value in tags.items()]


def _ruleset(call: Call, name: str) -> Record:
    ruleset = call.space.table(_RULESET).get(name)
    if ruleset is None:
        raise Refusal("EntityNotFoundException", f"Ruleset {name} is not found.")
    return ruleset


def _rules(text: str) -> list[str]:
    """The rules of a text such as ``Rules = [IsComplete "id", RowCount > 0]``."""
    found = _RULES.search(text)
    return [each.strip() for each in re.split(r"[,\n]", found[1]) if each.strip()] if found else []


HANDLERS: Mapping[str, Handler] = {
    "BatchGetDataQualityResult": get_results,
    "CreateDataQualityRuleset": create,
    "DeleteDataQualityRuleset": delete,
    "GetDataQualityRuleset": get,
    "ListDataQualityResults": list_results,
    "ListDataQualityRulesets": list_,
    "StartDataQualityRulesetEvaluationRun": start,
    "UpdateDataQualityRuleset": update,
}
