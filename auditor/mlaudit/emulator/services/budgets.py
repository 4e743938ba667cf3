"""Budgets, which moto creates but neither changes nor tags."""

from __future__ import annotations

from collections.abc import Mapping

from moto.budgets.models import budgets_backends

from mlaudit.emulator.cloud import Call, Handler, Record
from mlaudit.emulator.errors import Refusal


def update(call: Call) -> Record:
    """Change a budget; its notifications stay."""
    new = call.params["NewBudget"]
    budgets = budgets_backends[call.account]["aws"].budgets[call.params["AccountId"]]
    if new["BudgetName"] not in budgets:
        text = f"Unable to get budget: {new['BudgetName']} - the budget doesn't exist."
        raise Refusal("NotFoundException", text)
    record = budgets[new["BudgetName"]]
    kept = {key: record.budget[key] for key in ("LastUpdatedTime", "TimePeriod")}
    record.budget = {**kept, **new}
    return {}


def list_tags(call: Call) -> Record:
    """List the tags of a budget."""
    tags = _tags(call)
    return {"ResourceTags": [{"Key": key, "Value": value} for key, value in tags.items()]}


def tag(call: Call) -> Record:
    """Add tags to a budget."""
    _tags(call).update({each["Key"]: each["Value"] for each in call.params["ResourceTags"]})
    return {}


def untag(call: Call) -> Record:
    """Remove tags from a budget."""
    for key in call.params["ResourceTagKeys"]:
        _tags(call).pop(key, None)
    return {}


def _tags(call: Call) -> dict[str, str]:
    name = call.params["ResourceARN"].rpartition("/")[2]
    budgets = budgets_backends[call.account]["aws"].budgets[call.account]
    if name not in budgets:
        raise Refusal("NotFoundException", f"There is no budget {name}.")
    tags: dict[str, str] = vars(budgets[name]).setdefault("tags", {})
    return tags


HANDLERS: Mapping[str, Handler] = {
    "ListTagsForResource": list_tags,
    "TagResource": tag,
    "UntagResource": untag,
    "UpdateBudget": update,
}
