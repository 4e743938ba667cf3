from typing import Any

import pytest

from mlaudit.capabilities.permissions import UsedRole
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import RECENT, gap
from mlaudit_checks.x_extended.cx_25_narrow_roles import narrow_roles

DENIED = (gap("iam:ListAttachedRolePolicies"),)


def role(**values: Any) -> UsedRole:
    usual = {"trains": True, "serves": False, "everything": (), "wide": (), "at": RECENT}
    return UsedRole("arn:role", "ml", **{**usual, **values})


TRAINS, SERVES = role(), role(trains=False, serves=True, at=None)
BOTH = role(serves=True)
WIDE = role(wide=("iam:passrole", "s3:*"))
ADMIN = role(wide=("s3:*",), everything=("AdministratorAccess", "own"))


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((TRAINS, SERVES), (), Status.PASS),
        ((TRAINS, BOTH), (), Status.PARTIAL),
        ((TRAINS, WIDE), (), Status.PARTIAL),
        ((TRAINS, WIDE, ADMIN), (), Status.FAIL),
        ((ADMIN,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((TRAINS,), DENIED, Status.NOT_ASSESSED),
        ((WIDE,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[UsedRole, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert narrow_roles(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("given", "words"),
    [
        (TRAINS, "trains, and has no wildcard"),
        (SERVES, "serves, and has no wildcard"),
        (BOTH, "both trains and serves"),
        (WIDE, "may do iam:passrole, s3:* with everything there is"),
        (ADMIN, "may do too much by AdministratorAccess, own"),
    ],
)
def test_words(given: UsedRole, words: str) -> None:
    assert narrow_roles(Evidence((given,))).summary == f"role ml {words}"
