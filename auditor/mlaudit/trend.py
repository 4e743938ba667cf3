"""What became better and what worse since an earlier audit. Pure."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import replace

from mlaudit.audit import Audit, ItemResult, WorkloadAudit
from mlaudit.errors import MlauditError
from mlaudit.model import Status
from mlaudit.standing import Trend

RANK: Mapping[Status, int] = {
    Status.FAIL: 0,
    Status.NOT_ASSESSED: 0,
    Status.PARTIAL: 1,
    Status.PASS: 2,
}
"""How near to complete a status is; what was not seen is as far from it as what is not there."""


def is_worse(now: Status, then: Status) -> bool:
    """Whether an item is further from complete than it was, or fails where it did not apply."""
    if now is Status.NOT_APPLICABLE:
        return False
    if then is Status.NOT_APPLICABLE:
        return now in (Status.FAIL, Status.PARTIAL)
    return RANK[now] < RANK[then]


def with_trends(audit: Audit, before: Audit) -> Audit:
    """Tell of each workload that an earlier audit knows what changed since.

    Raises:
        MlauditError: The earlier audit is of another account, of another catalogue, or later.
    """
    if before.account != audit.account:
        raise MlauditError(
            f"The baseline is of account {before.account}, and this audit of {audit.account}."
        )
    if before.catalogue_version != audit.catalogue_version:
        raise MlauditError(
            f"The baseline was made by catalogue {before.catalogue_version}, and this audit by "
            f"{audit.catalogue_version}: their items cannot be compared. Report on its snapshot "
            "again."
        )
    if before.started_at > audit.started_at:
        raise MlauditError("The baseline is later than this audit.")
    then = {(each.name, each.region): each for each in before.workloads}
    workloads = tuple(
        replace(each, trend=_trend(each, then[each.name, each.region], before))
        if (each.name, each.region) in then
        else each
        for each in audit.workloads
    )
    return replace(audit, workloads=workloads)


def _trend(now: WorkloadAudit, then: WorkloadAudit, before: Audit) -> Trend:
    old = {each.id: each.status for each in then.items}
    known = [each for each in now.items if each.id in old]
    return Trend(
        since=before.started_at,
        complete=then.scores.gate.complete,
        applicable=then.scores.gate.applicable,
        better=_ids(each for each in known if is_worse(old[each.id], each.status)),
        worse=_ids(each for each in known if is_worse(each.status, old[each.id])),
    )


def _ids(items: Iterable[ItemResult]) -> tuple[str, ...]:
    return tuple(each.id for each in items)
