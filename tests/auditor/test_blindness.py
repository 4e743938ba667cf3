"""What failed reads leave open, and what would cure them."""

import pytest

from mlaudit.audit import ItemResult, Scope
from mlaudit.blindness import blind_spots
from mlaudit.model import Gap, GapReason, Status, Strength
from mlaudit.standing import BlindSpot

VERSIONING = Gap("s3:GetBucketVersioning", "eu-west-1", "AccessDenied", GapReason.DENIED)
LISTING = Gap(
    "resourcegroupstaggingapi:GetResources", "eu-west-1", "AccessDenied", GapReason.DENIED
)
SLOW = Gap("s3:GetBucketVersioning", "us-east-1", "SlowDown", GapReason.THROTTLED, subject="b")


def item(id_: str, status: Status, *gaps: Gap) -> ItemResult:
    return ItemResult(id_, id_, 1, Scope.WORKLOAD, status, Strength.NONE, False, "", (), gaps)


def test_gaps_of_one_read_and_one_reason_are_one_spot_the_most_frequent_first() -> None:
    found = blind_spots([SLOW, VERSIONING, VERSIONING], [])
    assert found == (
        BlindSpot(
            operation="s3:GetBucketVersioning",
            reason=GapReason.DENIED,
            codes=("AccessDenied",),
            regions=("eu-west-1",),
            count=2,
            items=(),
            allow=("s3:GetBucketVersioning",),
        ),
        BlindSpot(
            "s3:GetBucketVersioning",
            GapReason.THROTTLED,
            ("SlowDown",),
            ("us-east-1",),
            1,
            (),
            (),
        ),
    )


@pytest.mark.parametrize(
    ("gap", "action"), [(VERSIONING, "s3:GetBucketVersioning"), (LISTING, "tag:GetResources")]
)
def test_what_is_denied_names_the_permission_which_need_not_be_the_operation(
    gap: Gap, action: str
) -> None:
    assert blind_spots([gap], [])[0].allow == (action,)


def test_only_items_without_a_verdict_are_left_open_each_once() -> None:
    results = [
        item("1.1", Status.NOT_ASSESSED, VERSIONING),
        item("1.1", Status.NOT_ASSESSED, VERSIONING, LISTING),
        item("1.2", Status.PARTIAL, VERSIONING),
        item("1.4", Status.NOT_ASSESSED, SLOW),
    ]
    found = blind_spots([VERSIONING, LISTING, SLOW], results)
    assert {(each.operation, each.reason): each.items for each in found} == {
        ("s3:GetBucketVersioning", GapReason.DENIED): ("1.1",),
        ("resourcegroupstaggingapi:GetResources", GapReason.DENIED): ("1.1",),
        ("s3:GetBucketVersioning", GapReason.THROTTLED): ("1.4",),
    }
