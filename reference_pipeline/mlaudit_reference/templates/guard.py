"""What keeps the bill in sight: a budget of what carries the tag of the system.

AWS Budgets sees the tag once it is activated as a cost allocation tag, in the account that pays.
"""

from __future__ import annotations

from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates import shared
from mlaudit_reference.templates.finish import WORKLOAD_TAG
from mlaudit_reference.templates.language import Content, Properties, Stack, resource

TOLD_AT = (("ACTUAL", 80), ("ACTUAL", 100), ("FORECASTED", 100))
"""Of which percentages of the limit people hear, spent or foreseen."""


def _content(manifest: Manifest) -> Content:
    budget: Properties = {
        "BudgetName": manifest.name,
        "BudgetType": "COST",
        "TimeUnit": "MONTHLY",
        "BudgetLimit": {"Amount": manifest.budget.monthly_usd, "Unit": "USD"},
        "CostFilters": {"TagKeyValue": [f"user:{WORKLOAD_TAG}${manifest.belongs_to}"]},
    }
    subscribers = [{"SubscriptionType": "SNS", "Address": shared.alerts(manifest)}]
    told = [
        {
            "Notification": {
                "NotificationType": kind,
                "ComparisonOperator": "GREATER_THAN",
                "Threshold": percent,
                "ThresholdType": "PERCENTAGE",
            },
            "Subscribers": subscribers,
        }
        for kind, percent in TOLD_AT
    ]
    made = resource(
        "AWS::Budgets::Budget", {"Budget": budget, "NotificationsWithSubscribers": told}
    )
    return Content({"Budget": made})


STACK = Stack(
    name="guard",
    about="A budget that tells when most of it is spent, and when all of it is.",
    wanted=lambda _: True,
    content=_content,
)
