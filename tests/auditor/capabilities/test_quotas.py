"""What scaling may ask for of each type of instances, and what hides it."""

from typing import Any

import pytest

from mlaudit.capabilities.quotas import headroom
from mlaudit.resources import InstanceQuota, ScalableTarget
from mlaudit.sight import Region, View
from mlaudit.testing import REGION, build, gap, serving, snapshot

QUOTA = build(InstanceQuota, "m5", instance_type="ml.m5.large", allowed=4)
FIXED: dict[str, Any] = {"instance_count": 2}
MANAGED = {**FIXED, "managed_scaling": True, "managed_max": 6}


def platform(*resources: Any, **values: Any) -> View:
    return View(Region(snapshot(*resources, **values), REGION), None)


def target(endpoint: str, maximum: int) -> ScalableTarget:
    resource_id = f"endpoint/{endpoint}/variant/main"
    return build(ScalableTarget, endpoint, resource_id=resource_id, maximum=maximum)


@pytest.mark.parametrize(
    ("resources", "wanted"),
    [
        (serving("one", **FIXED), 2),
        ((*serving("one", **FIXED), target("one", 5)), 5),
        (serving("one", **MANAGED), 6),
        ((*serving("one", **FIXED), target("one", 5), *serving("two", **MANAGED)), 11),
    ],
)
def test_what_all_endpoints_may_ask_for_is_summed(resources: Any, wanted: int) -> None:
    found = headroom(platform(*resources, QUOTA))
    assert [(each.instance_type, each.wanted, each.allowed) for each in found.items] == [
        ("ml.m5.large", wanted, 4)
    ]
    assert found.gaps == ()


@pytest.mark.parametrize(
    ("variant", "about"),
    [({"instance_type": "ml.g5.xlarge"}, "ml.g5.xlarge"), ({"instance_type": None}, "endpoint/it")],
)
def test_a_quota_that_is_not_told_is_a_gap(variant: dict[str, Any], about: str) -> None:
    found = headroom(platform(*serving(**variant), QUOTA))
    assert found.items == ()
    assert [each.words for each in found.gaps] == [f"how many instances of {about} may start"]


def test_serverless_variants_take_no_instances() -> None:
    resources = serving(instance_type=None, serverless_concurrency=5)
    assert headroom(platform(*resources, QUOTA)).items == headroom(platform()).items == ()


@pytest.mark.parametrize(
    ("operation", "items"),
    [
        ("application-autoscaling:DescribeScalableTargets", 0),
        ("service-quotas:ListServiceQuotas", 1),
    ],
)
def test_what_hides_headroom_is_a_gap(operation: str, items: int) -> None:
    missing = gap(operation)
    found = headroom(platform(*serving(), QUOTA, gaps=[missing]))
    assert (len(found.items), found.gaps) == (items, (missing,))
