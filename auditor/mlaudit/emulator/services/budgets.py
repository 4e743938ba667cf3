"""Budgets, which moto creates but does not change."""

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


HANDLERS: Mapping[str, Handler] = {"UpdateBudget": update}
