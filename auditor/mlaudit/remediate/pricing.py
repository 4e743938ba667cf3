"""What a change of a setting adds to the bill, and whether a plan stays below a limit.

Savings are not counted: what a plan adds is told as if nothing that it takes away were paid for.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping

from mlaudit.errors import MlauditError
from mlaudit.remediate.bill import Amount, Bill
from mlaudit.remediate.change import Change, Document
from mlaudit.remediate.charges import alarm, charge, instances
from mlaudit.remediate.fix import Sight
from mlaudit.remediate.plan import Plan
from mlaudit.resources import Alarm, Dashboard, Endpoint, EndpointConfig
from mlaudit.resources.sagemaker import Variant

FREE: Mapping[str, str] = {
    "ecr.repository": "a setting; images are billed by what they hold",
    "logs.group": "a group and its retention cost nothing; what is logged is paid for already",
    "s3.public-access": "a setting",
    "sagemaker.association": "lineage costs nothing",
    "sns.subscription": "a subscription; a thousand mails a month are free",
    "sns.topic": "topics are billed by their messages, the first million of which are free",
    "tags": "tags cost nothing",
}
"""Kinds of settings that cost nothing, and why."""

_INSTANCES = "sagemaker:variant:DesiredInstanceCount"


class TooDearError(MlauditError):
    """A plan costs more than it may, or nobody can say that it does not."""


def bill_of(change: Change, sight: Sight) -> Bill:
    """What a change adds to the bill, beyond what is paid for already.

    Args:
        change: The change.
        sight: The workload it is for: what there is now is not paid for twice.
    """
    if change.patch is None or change.kind in FREE:
        return Bill()
    priced = _PRICED.get(change.kind)
    if priced is None:
        unknown = Amount(0, (f"{change.kind} {' '.join(change.key.values())}",))
        return Bill(unknown, unknown, unknown, unknown)
    return priced(change, change.patch, sight)


def paid_once() -> Callable[[Change, Sight], Bill]:
    """Prices the changes of one plan: what two fixes ask for is made, and paid for, once."""
    known: set[str] = set()

    def price(change: Change, sight: Sight) -> Bill:
        same = [change.kind, change.region, change.key, change.patch]
        thing = json.dumps(same, sort_keys=True, default=dict)
        if thing in known:
            return Bill()
        known.add(thing)
        return bill_of(change, sight)

    return price


def stay_within(plan: Plan, max_monthly: float) -> None:
    """Refuse a plan that may cost more at rest than a limit.

    Raises:
        TooDearError: It costs more, or some of it has no known price.
    """
    idle = plan.bill.idle
    if idle.usd > max_monthly:
        more = f", and {', '.join(idle.unknown)} besides" if idle.unknown else ""
        raise TooDearError(
            f"The plan costs {idle.usd:.2f} USD a month at rest{more}, and at most "
            f"{max_monthly:.2f} may be spent. {_dearest(plan)} Plan for fewer items, or raise "
            "--max-monthly."
        )
    if not idle.is_known:
        raise TooDearError(
            f"Nobody can promise that the plan costs at most {max_monthly:.2f} USD a month at rest:"
            f" {idle.usd:.2f} is known, and there is no known price of {', '.join(idle.unknown)}. "
            f"{_unpriced(plan)} Plan without these, or without --max-monthly."
        )


def _dearest(plan: Plan) -> str:
    step = max(plan.ready, key=lambda each: each.bill.idle.usd)
    return f"Of that {step.bill.idle.usd:.2f} is for step {step.id}, {step.title!r}."


def _unpriced(plan: Plan) -> str:
    ids = [each.id for each in plan.ready if not each.bill.idle.is_known]
    return f"It is for step {', '.join(ids)}."


def _alarm(change: Change, patch: Document, sight: Sight) -> Bill:
    known = sight.view.region.by(Alarm, "name").get(change.key["AlarmName"], ())
    if known and not {"Metrics", "MetricName", "Period"} & patch.keys():
        return Bill()
    return _steady(alarm(patch))


def _dashboard(change: Change, _: Document, sight: Sight) -> Bill:
    if sight.view.region.by(Dashboard, "name").get(change.key["DashboardName"]):
        return Bill()
    return _steady(charge("dashboard", 1, "dashboards"))


def _policy(_: Change, patch: Document, __: Sight) -> Bill:
    """Target tracking makes at least two alarms, one to grow by and one to shrink by."""
    if patch.get("PolicyType") != "TargetTrackingScaling":
        return Bill()
    return _steady(charge("alarm", 2, "alarms that scale"))


def _target(change: Change, patch: Document, sight: Sight) -> Bill:
    """What it can grow by, beyond the instances that there are now."""
    least, most = patch.get("MinCapacity", 0), patch.get("MaxCapacity", 0)
    resource, dimension = change.key["ResourceId"], change.key["ScalableDimension"]
    variant = _variant(resource, sight) if dimension == _INSTANCES else None
    if variant is None or variant.instance_count is None:
        return Bill(worst=Amount(0, (f"up to {most} of {resource}",)))
    now, kind = variant.instance_count, variant.instance_type
    return Bill(
        idle=instances(kind, max(least - now, 0)), worst=instances(kind, max(most - now, 0))
    )


def _variant(resource: str, sight: Sight) -> Variant | None:
    """The variant that Application Auto Scaling calls ``endpoint/NAME/variant/NAME``."""
    endpoint, _, name = resource.removeprefix("endpoint/").partition("/variant/")
    return next((each for each in _variants(endpoint, sight) if each.name == name), None)


def _variants(endpoint: str, sight: Sight) -> Iterator[Variant]:
    region = sight.view.region
    for found in region.by(Endpoint, "name").get(endpoint, ()):
        for config in region.by(EndpointConfig, "name").get(found.config_name or "", ()):
            yield from (*config.variants, *config.shadow_variants)


def _configuration(_: Change, patch: Document, __: Sight) -> Bill:
    """A configuration costs nothing; what is kept of requests does."""
    capture = patch.get("DataCaptureConfig") or {}
    if not capture.get("EnableCapture"):
        return Bill()
    percent = capture.get("InitialSamplingPercentage", 100)
    kept = Amount(0, (f"{percent} % of requests kept in S3, at 0.023 USD a GB and month",))
    return Bill(thousand=kept)


def _endpoint(change: Change, patch: Document, sight: Sight) -> Bill:
    """An update pays for two fleets until the old one goes; how long it takes is not known."""
    name = change.key["EndpointName"]
    fleet = [*_variants(name, sight)]
    if "EndpointConfigName" not in patch:
        return Bill()
    if not fleet:
        unknown = Amount(0, (f"the instances of endpoint {name}",))
        return Bill(idle=unknown, worst=unknown)
    if all(each.serverless_concurrency is not None for each in fleet):
        return Bill()
    return Bill(run=Amount(0, (f"a second fleet of endpoint {name} while it is updated",)))


def _versioning(change: Change, patch: Document, _: Sight) -> Bill:
    if patch.get("Status") != "Enabled":
        return Bill()
    kept = f"replaced objects of bucket {change.key['Bucket']}, at 0.023 USD a GB and month"
    return Bill(run=Amount(0, (kept,)))


def _encryption(change: Change, patch: Document, _: Sight) -> Bill:
    """Keys of S3 cost nothing; requests to KMS do."""
    if "aws:kms" not in str(patch.get("Rules")):
        return Bill()
    by_use = Amount(0, (f"requests to KMS for bucket {change.key['Bucket']}",))
    return Bill(run=by_use, thousand=by_use)


def _event_source(_: Change, patch: Document, __: Sight) -> Bill:
    """Pausing saves something, and what starts is billed by its calls."""
    if patch.get("Enabled") is not True:
        return Bill()
    return Bill(thousand=Amount(0, ("calls of the function that the stream feeds",)))


def _steady(amount: Amount) -> Bill:
    return Bill(idle=amount, worst=amount)


_Priced = Callable[[Change, Document, Sight], Bill]

_PRICED: Mapping[str, _Priced] = {
    "application-autoscaling.policy": _policy,
    "application-autoscaling.target": _target,
    "cloudwatch.alarm": _alarm,
    "cloudwatch.dashboard": _dashboard,
    "lambda.event-source": _event_source,
    "s3.encryption": _encryption,
    "s3.versioning": _versioning,
    "sagemaker.endpoint": _endpoint,
    "sagemaker.endpoint-config": _configuration,
}

ACCOUNTED = frozenset({*_PRICED, *FREE})
"""Every kind of setting that somebody has thought about."""
