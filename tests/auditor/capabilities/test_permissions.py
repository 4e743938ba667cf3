"""The roles that are used, by what, and those that cannot be judged."""

from typing import Any

import pytest

from mlaudit.capabilities.permissions import used_roles
from mlaudit.model import Gap, GapReason
from mlaudit.resources import RolePermissions, TrainingJob
from mlaudit.sight import View
from mlaudit.testing import ACCOUNT, OLD, RECENT, build, gap, serving, view_of

SERVE, TRAIN, OTHER = (f"arn:aws:iam::{ACCOUNT}:role/{each}" for each in ("serve", "train", "x"))
SERVED = serving("fraud", model={"role": SERVE})
TRAINED = build(TrainingJob, "fraud", role=TRAIN)


def role(arn: str, **values: Any) -> RolePermissions:
    return build(RolePermissions, arn.rpartition("/")[2], arn=arn, **values)


def seen(*resources: Any, roles: tuple[RolePermissions, ...] = (), **values: Any) -> View:
    return view_of(*resources, others=roles, **values)


def test_roles_are_told_with_who_acts_in_them() -> None:
    roles = (role(SERVE, wide=("s3:*",)), role(TRAIN), role(OTHER, everything=("own",)))
    found = used_roles(seen(*SERVED, TRAINED, roles=roles))
    assert [(each.name, each.trains, each.serves, each.wide) for each in found.items] == [
        ("serve", False, True, ("s3:*",)),
        ("train", True, False, ()),
    ]
    assert [each.at for each in found.items] == [None, RECENT]
    assert found.gaps == ()


def test_one_role_may_train_and_serve() -> None:
    both = build(TrainingJob, "fraud", role=SERVE)
    (found,) = used_roles(seen(*SERVED, both, roles=(role(SERVE),))).items
    assert (found.trains, found.serves) == (True, True)


@pytest.mark.parametrize(
    "job",
    [
        build(TrainingJob, "old", role=TRAIN, ended_at=OLD),
        build(TrainingJob, "running", role=TRAIN, ended_at=None),
        build(TrainingJob, "without"),
    ],
)
def test_what_did_not_train_in_the_window_uses_no_role(job: TrainingJob) -> None:
    found = used_roles(seen(job, roles=(role(TRAIN),)))
    assert (found.items, found.gaps) == ((), ())


@pytest.mark.parametrize(
    ("values", "items"),
    [({"everything": ("own",)}, 0), ({"wide": ("s3:*",)}, 0), ({}, 1)],
)
def test_what_a_boundary_leaves_of_wide_rights_is_not_known(
    values: dict[str, Any], items: int
) -> None:
    found = used_roles(seen(TRAINED, roles=(role(TRAIN, bounded=True, **values),)))
    assert len(found.items) == items
    words = ["what the permissions boundary of role/train leaves of its rights"]
    assert [each.words for each in found.gaps] == words * (1 - items)


@pytest.mark.parametrize(
    ("arn", "reason"),
    [
        (TRAIN, GapReason.GONE),
        ("arn:aws:iam::999999999999:role/train", GapReason.OTHER_ACCOUNT),
    ],
)
def test_a_role_that_was_not_found_is_a_gap(arn: str, reason: GapReason) -> None:
    found = used_roles(seen(build(TrainingJob, role=arn)))
    assert found.items == ()
    assert [(each.subject, each.reason) for each in found.gaps] == [(arn, reason)]


@pytest.mark.parametrize(
    ("missing", "concerns"),
    [
        (gap("iam:GetRole"), True),
        (gap("iam:GetRolePolicy", TRAIN), True),
        (gap("iam:GetRolePolicy", OTHER), False),
    ],
)
def test_what_hides_a_role_that_is_used_is_a_gap(
    missing: Gap,
    concerns: bool,  # noqa: FBT001 -- a column of the table
) -> None:
    roles = () if concerns else (role(TRAIN),)
    found = used_roles(seen(TRAINED, roles=roles, gaps=[missing]))
    assert len(found.items) == (not concerns)
    assert found.gaps == (missing,) * concerns


@pytest.mark.parametrize("operation", ["sagemaker:ListModels", "sagemaker:DescribeTrainingJob"])
def test_what_hides_who_uses_roles_is_a_gap(operation: str) -> None:
    missing = gap(operation)
    assert missing in used_roles(seen(gaps=[missing])).gaps
