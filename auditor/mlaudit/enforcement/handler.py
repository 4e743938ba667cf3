"""What Lambda calls: judge a version that was just approved, and withdraw what is not borne out.

Closed when in doubt. A gate that fails in the middle withdraws on its way out. A function that is
cut off or never starts leaves its event in a queue, and :func:`close` withdraws what that holds.
"""

from __future__ import annotations

import json
import logging
import os
from collections.abc import Mapping
from datetime import UTC, datetime, timedelta
from typing import Any

from mlaudit.audit import Audit, Outcome
from mlaudit.capabilities.registry import APPROVED
from mlaudit.catalog import catalogue
from mlaudit.collect.plan import declared_operations
from mlaudit.collect.registry import GATE_NOTE
from mlaudit.collect.run import Request, collect
from mlaudit.collect.session import Access, open_account
from mlaudit.config import Config, load_config
from mlaudit.decision import Decision, Question, decide, refusals, refused
from mlaudit.enforcement.reason import one_line, reason
from mlaudit.enforcement.registry import PENDING, REJECTED, Version
from mlaudit.errors import MlauditError
from mlaudit.judge import Settings, judge
from mlaudit.thresholds import Target

Event = Mapping[str, Any]

TARGET, WHEN_CLOSED = "MLAUDIT_TARGET", "MLAUDIT_WHEN_CLOSED"
"""The environment of the function: the target to judge for, and the status a closed gate leaves."""

_BESIDE = frozenset({"approvaldescription", "customermetadataproperties", "modellifecycle"})
"""Members of a version that say nothing of whether it is approved, nor of what it is."""
_MAX_AGE = timedelta(hours=1)
_STATUSES = (PENDING, REJECTED)
_log = logging.getLogger(__name__)


def handle(event: Event, _: object) -> dict[str, str]:
    """Judge the version that an event calls approved; the configuration is ``mlaudit.yaml``.

    Raises:
        ValueError: The environment says nothing known; the approval is withdrawn all the same.
    """
    arn = _approved(event)
    if arn is None:
        return _told("", "left alone: the event approves no version")
    version = Version(arn)
    if not version.is_approved():
        return _told(arn, "left alone: it is not approved any more")
    decision = None
    try:
        status = _when_closed()
        decision = _decision(version, Target(os.environ.get(TARGET, Target.REGISTRY)))
    finally:
        if decision is None:
            _withdraw(version, PENDING, f"{GATE_NOTE}: it failed. Its log tells why.")
    if decision.outcome is Outcome.OPEN:
        return _told(arn, "left alone: the gate is open")
    closed = decision.outcome is Outcome.CLOSED
    return _withdraw(version, status if closed else PENDING, reason(decision))


def close(event: Event, _: object) -> None:
    """Withdraw the approvals of which the gate never heard, or over which it was cut off."""
    for record in event["Records"]:
        body = json.loads(record["body"])
        # What a function could not finish comes wrapped; what never reached it comes as it was.
        arn = _approved(body.get("requestPayload") or body)
        if arn is not None:
            _withdraw(Version(arn), PENDING, f"{GATE_NOTE}: it did not finish. Its log tells why.")


def _approved(event: Event) -> str | None:
    """The version that an event approves, or changes while it is approved; metadata aside."""
    detail = event.get("detail") or {}
    changed = {str(each).lower() for each in detail.get("UpdatedModelPackageFields") or ()}
    if detail.get("ModelApprovalStatus") != APPROVED or (changed and changed <= _BESIDE):
        return None
    arn: str | None = detail.get("ModelPackageArn")
    return arn


def _when_closed() -> str:
    status = os.environ.get(WHEN_CLOSED, PENDING)
    if status not in _STATUSES:
        raise ValueError(f"{WHEN_CLOSED} is {status!r}: give one of {', '.join(_STATUSES)}.")
    return status


def _decision(version: Version, target: Target) -> Decision:
    question = Question(target, package=version.arn, region=version.region)
    now = datetime.now(UTC)
    try:
        config = load_config(None)
        audit = _audit(version.region, config, now)
    except MlauditError as error:
        return refused(question, [str(error)])
    known = catalogue()
    reasons = [*refusals(audit, question, known, now, _MAX_AGE)]
    return refused(question, reasons) if reasons else decide(audit, question, known, config.rules)


def _audit(region: str, config: Config, now: datetime) -> Audit:
    opened = open_account(Access(), declared_operations())
    request = Request(
        account=opened.account,
        caller=opened.caller,
        regions=(region,),
        started_at=now,
        window_days=config.window_days,
        tag_keys=config.tag_keys,
    )
    settings = Settings(config.tag_keys, config.workloads, config.declarations, config.rules)
    return judge(collect(opened.api, request), catalogue(), settings)


def _withdraw(version: Version, status: str, why: str) -> dict[str, str]:
    changed = version.withdraw(status, one_line(why))
    did = f"{status}: {why}" if changed else "left alone: somebody withdrew it meanwhile"
    return _told(version.arn, did)


def _told(arn: str, did: str) -> dict[str, str]:
    _log.info("%s %s", arn, did)
    return {"version": arn, "did": did}
