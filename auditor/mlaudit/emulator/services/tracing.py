"""X-Ray: groups of traces and rules of sampling."""

from __future__ import annotations

from collections.abc import Callable, Mapping

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal
from mlaudit.emulator.services import pages

_GROUP = "xray:Group"
_RULE = "xray:SamplingRule"


def create_group(call: Call) -> Record:
    """Create a group of traces."""
    name = call.params["GroupName"]
    arn = call.arn(f"group/{name}/{call.token('trace group', 52).upper()}")
    if any(row["GroupName"] == name for row in call.space.rows(_GROUP)):
        raise Refusal("InvalidRequestException", f"A group named {name} already exists.")
    record = {
        "InsightsConfiguration": {"InsightsEnabled": False, "NotificationsEnabled": False},
        **{key: value for key, value in call.params.items() if key != "Tags"},
        "GroupARN": arn,
        "Tags": _tags(call),
    }
    call.space.table(_GROUP)[arn] = record
    return {"Group": record}


def get_group(call: Call) -> Record:
    """Describe a group."""
    return {"Group": _group(call)}


def list_groups(call: Call) -> Record:
    """List the groups."""
    return pages.cut(call, call.space.rows(_GROUP), member="Groups", size="MaxResults")


def update_group(call: Call) -> Record:
    """Change a group."""
    record = _group(call)
    record |= {key: value for key, value in call.params.items() if key not in _NAMES}
    return {"Group": record}


def delete_group(call: Call) -> Record:
    """Delete a group."""
    del call.space.table(_GROUP)[_group(call)["GroupARN"]]
    return {}


def create_rule(call: Call) -> Record:
    """Create a rule of sampling."""
    rule = call.params["SamplingRule"]
    arn = call.arn(f"sampling-rule/{rule['RuleName']}")
    if arn in call.space.table(_RULE):
        raise Refusal("InvalidRequestException", f"{rule['RuleName']} already exists.")
    record = {
        "SamplingRule": {"Attributes": {}, **rule, "RuleARN": arn},
        "CreatedAt": call.now,
        "ModifiedAt": call.now,
        "Tags": _tags(call),
    }
    call.space.table(_RULE)[arn] = record
    return {"SamplingRuleRecord": record}


def list_rules(call: Call) -> Record:
    """List the rules of sampling."""
    return pages.cut(call, call.space.rows(_RULE), member="SamplingRuleRecords", size="MaxResults")


def update_rule(call: Call) -> Record:
    """Change a rule of sampling."""
    record = _rule(call, call.params["SamplingRuleUpdate"])
    record["SamplingRule"] |= call.params["SamplingRuleUpdate"]
    record["ModifiedAt"] = call.now
    return {"SamplingRuleRecord": record}


def delete_rule(call: Call) -> Record:
    """Delete a rule of sampling."""
    record = _rule(call, call.params)
    del call.space.table(_RULE)[record["SamplingRule"]["RuleARN"]]
    return {"SamplingRuleRecord": record}


def list_tags(call: Call) -> Record:
    """List the tags of a group or a rule."""
    tags = _tagged(call)["Tags"]
    return {"Tags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def tag(call: Call) -> Record:
    """Add tags to a group or a rule."""
    _tagged(call)["Tags"].update(_tags(call))
    return {}


def untag(call: Call) -> Record:
    """Remove tags from a group or a rule."""
    for key in call.params["TagKeys"]:
        _tagged(call)["Tags"].pop(key, None)
    return {}


_NAMES = ("GroupName", "GroupARN")


def _tags(call: Call) -> dict[str, str]:
    return pages.tag_map(call.params.get("Tags", []), "Key", "Value")


def _tagged(call: Call) -> Record:
    return pages.tagged_record(call, call.params["ResourceARN"], "ResourceNotFoundException")


def _group(call: Call) -> Record:
    return _found(
        call.space.rows(_GROUP),
        lambda row: any(call.params.get(name) == row[name] for name in _NAMES),
        "Group not found",
    )


def _rule(call: Call, named: Record) -> Record:
    names = ("RuleName", "RuleARN")
    return _found(
        call.space.rows(_RULE),
        lambda row: any(named.get(name) == row["SamplingRule"].get(name) for name in names),
        "Sampling rule does not exist.",
    )


def _found(rows: list[Record], wanted: Callable[[Record], bool], message: str) -> Record:
    found = next((row for row in rows if wanted(row)), None)
    if found is None:
        raise Refusal("InvalidRequestException", message)
    return found


HANDLERS: Mapping[str, Handler] = {
    "CreateGroup": create_group,
    "CreateSamplingRule": create_rule,
    "DeleteGroup": delete_group,
    "DeleteSamplingRule": delete_rule,
    "GetGroup": get_group,
    "GetGroups": list_groups,
    "GetSamplingRules": list_rules,
    "ListTagsForResource": list_tags,
    "TagResource": tag,
    "UntagResource": untag,
    "UpdateGroup": update_group,
    "UpdateSamplingRule": update_rule,
}
