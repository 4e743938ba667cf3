"""What an approval in the model registry sets off."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from mlaudit.capabilities import provider
from mlaudit.capabilities.promotion import came_about
from mlaudit.capabilities.registry import APPROVED, ServedVersion, served_versions
from mlaudit.capabilities.registry_use import is_about, tells_of_approval
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, Grade, Observation
from mlaudit.resources import (
    Endpoint,
    EndpointConfig,
    InferenceComponent,
    Model,
    RuleUse,
    Trigger,
)
from mlaudit.sight import View

SOON = timedelta(days=1)
"""How long after its approval a version may come to serve to be taken for deployed by it."""


@dataclass(frozen=True, slots=True)
class ApprovalDeployment:
    """A model that serves, and the rule that an approval of its group sets off.

    Attributes:
        arn: The model.
        words: It in words.
        rule: The rule; ``None`` where its version serves without an approval.
        enabled: Whether the rule is on.
        deployed_at: When it came to serve soon after the rule had set something off.
    """

    arn: str
    words: str
    rule: str | None
    enabled: bool
    deployed_at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"{self.words} {fact}", self.deployed_at)


_PLACES = (Endpoint, EndpointConfig, InferenceComponent, Model)


@provider
def approval_deployments(view: View) -> Evidence[ApprovalDeployment]:
    """Every model that serves and whose approval sets off a rule, or that has no approval.

    Any other may be deployed by a tool that asks the registry by itself: a gap.
    """
    seen = view.once(served_versions)
    hidden = view.gaps(Trigger, RuleUse, *_PLACES)
    items, gaps = [], [*seen.gaps, *hidden]
    for version in seen.items:
        found = _deployment(view, version)
        if found is None:
            operation, region = "events:ListRules", view.region.name
            gaps.append(Gap.unread(operation, region, "DeployedByUnknown", version.arn))
        elif found.deployed_at or found.rule is None or not hidden:
            items.append(found)
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _deployment(view: View, version: ServedVersion) -> ApprovalDeployment | None:
    package = version.package
    if package is None:
        return None
    rules = [
        each
        for each in view.region.all(Trigger)
        if tells_of_approval(each) and is_about(each, package.group_name)
    ]
    if package.approval != APPROVED:
        return ApprovalDeployment(version.arn, version.words, None, False, None)  # noqa: FBT003
    return max(
        (_by_rule(view, version, each) for each in rules),
        key=lambda each: (each.deployed_at is not None, each.enabled),
        default=None,
    )


def _by_rule(view: View, version: ServedVersion, rule: Trigger) -> ApprovalDeployment:
    hours = [
        hour
        for use in view.region.by(RuleUse, "trigger_arn").get(rule.arn, ())
        for hour in use.hours
    ]
    moments = came_about(view, version.arn).values()
    soon = [at for at in moments if any(hour <= at <= hour + SOON for hour in hours)]
    return ApprovalDeployment(
        arn=version.arn,
        words=version.words,
        rule=rule.name,
        enabled=rule.enabled,
        deployed_at=max(soon, default=None),
    )
