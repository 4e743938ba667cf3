"""Whether what is tried and what serves have accounts of their own."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.delivery import Delivery, deliveries, delivery_gaps, is_apart
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.resources import DeliveryAction, Endpoint
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class EnvironmentAccounts:
    """A place for trying beside one for production, by their accounts.

    Attributes:
        arn: The delivery pipeline, or the endpoint that is for trying.
        words: Both in words.
        apart: Whether they have accounts of their own.
        used_at: When a version last passed both in the window.
    """

    arn: str
    words: str
    apart: bool
    used_at: datetime | None


@provider
def environment_accounts(view: View) -> Evidence[EnvironmentAccounts]:
    """What delivery pipelines deploy to, and endpoints side by side; anything else is a gap.

    The environment for trying is seldom in sight of a scan of production. An action that runs code
    may take on a role of any account.
    """
    found = [each for each in view.once(deliveries).items if each.production]
    items = [*_side_by_side(view), *_delivered(found)]
    gaps = [*delivery_gaps(view), *view.gaps(Endpoint)]
    serving = [each for each in view.items(Endpoint) if each.serving]
    told = {each.arn for each in items}
    gaps += [_not_seen(view, each.pipeline.arn) for each in found if each.pipeline.arn not in told]
    if serving and not items:
        gaps.append(_not_seen(view, serving[0].arn))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _not_seen(view: View, arn: str) -> Gap:
    operation, code = "codepipeline:GetPipeline", "OtherEnvironmentNotSeen"
    return Gap.unread(operation, view.region.name, code, arn)


def _side_by_side(view: View) -> Iterator[EnvironmentAccounts]:
    serving = [each for each in view.items(Endpoint) if each.serving]
    production = [each.name for each in serving if not is_apart(each.name)]
    for each in serving if production else ():
        if is_apart(each.name):
            words = f"endpoint {each.name} is beside endpoint {production[0]}"
            yield EnvironmentAccounts(each.arn, words, apart=False, used_at=None)


def _delivered(found: list[Delivery]) -> Iterator[EnvironmentAccounts]:
    for each in found:
        tried = {_account(each, action) for action in each.staging}
        serves = {_account(each, each.production)}
        if not tried or not (tried.isdisjoint(serves) or _is_told(each)):
            continue
        yield EnvironmentAccounts(
            arn=each.pipeline.arn,
            words=f"{each.words} deploys to staging and production",
            apart=tried.isdisjoint(serves),
            used_at=max((run.ended_at for run in each.runs), default=None),
        )


def _account(delivery: Delivery, action: DeliveryAction | None) -> str:
    own = delivery.pipeline.arn.split(":")[4]
    return (action and action.account) or own


def _is_told(delivery: Delivery) -> bool:
    """Whether all that deploys does so by itself, in the account of its role."""
    return all(
        action and action.category == "deploy" and action.provider not in _ANYWHERE
        for action in (*delivery.staging, delivery.production)
    )


_ANYWHERE = frozenset({"CloudFormationStackSet", "CloudFormationStackInstances"})
"""What deploys to accounts that its configuration names."""
