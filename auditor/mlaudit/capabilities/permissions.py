"""The roles that training jobs and served models act in, and what these may do."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.serving import served_models
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Grade, Observation
from mlaudit.resources import RolePermissions, TrainingJob
from mlaudit.sight import View


@dataclass(frozen=True, slots=True)
class UsedRole:
    """A role that trained in the window, or that serves.

    Attributes:
        arn: The role.
        name: Its name.
        trains: Whether training jobs of the window act in it.
        serves: Whether models that serve act in it.
        everything: Names of its policies that allow everything, or far too much.
        wide: What it may do with everything there is, such as ``s3:*``.
        at: When a training job that acts in it last ended; ``None`` where none does.
    """

    arn: str
    name: str
    trains: bool
    serves: bool
    everything: tuple[str, ...]
    wide: tuple[str, ...]
    at: datetime | None

    def observed(self, grade: Grade, fact: str) -> Observation:
        """An observation about it."""
        return Observation(self.arn, grade, f"role {self.name} {fact}", self.at)


@dataclass(slots=True)
class _Use:
    """Who acts in a role."""

    account: str
    serves: bool = False
    trained_at: datetime | None = None


@provider
def used_roles(view: View) -> Evidence[UsedRole]:
    """Each role that the workload's served models and training jobs of the window act in.

    One of another account, one that is gone, and one that is wide and held by a permissions
    boundary, which is not read, are gaps.
    """
    uses = _uses(view)
    hidden = [gap for gap in view.gaps(RolePermissions) if gap.operation.startswith("iam:")]
    hidden = [gap for gap in hidden if gap.subject is None or gap.subject in uses]
    gaps = [*view.once(served_models).gaps, *view.gaps(TrainingJob), *hidden]
    items: list[UsedRole] = []
    for arn, use in sorted(uses.items(), key=lambda each: each[0]):
        found = view.region.get(RolePermissions, arn)
        if found and not (found.bounded and (found.everything or found.wide)):
            items.append(_role(found, use))
        elif found:
            gaps.append(Gap.unread("iam:GetRole", view.region.name, "BoundaryNotRead", arn))
        elif all(gap.subject not in {None, arn} for gap in hidden):
            gaps.append(_unseen(view, arn, use))
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))


def _uses(view: View) -> dict[str, _Use]:
    uses: dict[str, _Use] = {}
    for served in view.once(served_models).items:
        if served.model.role:
            uses.setdefault(served.model.role, _Use(_account(served.model.arn))).serves = True
    for job in view.items(TrainingJob):
        if job.role and job.ended_at and view.window.covers(job.ended_at):
            use = uses.setdefault(job.role, _Use(_account(job.arn)))
            use.trained_at = max(use.trained_at or job.ended_at, job.ended_at)
    return uses


def _account(arn: str) -> str:
    return arn.split(":")[4]


def _unseen(view: View, arn: str, use: _Use) -> Gap:
    """A role that was not read though nothing was refused."""
    elsewhere = _account(arn) != use.account
    reason = GapReason.OTHER_ACCOUNT if elsewhere else GapReason.GONE
    code = "OtherAccount" if elsewhere else "Deleted"
    return Gap("iam:GetRole", view.region.name, code, reason, None, arn)


def _role(found: RolePermissions, use: _Use) -> UsedRole:
    return UsedRole(
        arn=found.arn,
        name=found.name,
        trains=use.trained_at is not None,
        serves=use.serves,
        everything=found.everything,
        wide=found.wide,
        at=use.trained_at,
    )
