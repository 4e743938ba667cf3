from typing import Any

import pytest

from mlaudit.capabilities.upkeep import Tagged
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.x_extended.cx_23_owner_and_cost_tags import owner_and_cost_tags

DENIED = (gap("sagemaker:ListTags"),)


def thing(*, owned: bool, charged: bool) -> Tagged:
    return Tagged("arn:e", "endpoint e", owned, charged)


BOTH = thing(owned=True, charged=True)
OWNED, CHARGED = thing(owned=True, charged=False), thing(owned=False, charged=True)
BARE = thing(owned=False, charged=False)


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((BOTH,), (), Status.PASS),
        ((BOTH, OWNED), (), Status.PARTIAL),
        ((CHARGED,), (), Status.PARTIAL),
        ((BOTH, BARE), (), Status.FAIL),
        ((BARE,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((BOTH,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[Tagged, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert owner_and_cost_tags(Evidence(seen, gaps)).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (BOTH, "tags of endpoint e tell who answers and who pays for it"),
        (OWNED, "no tag of endpoint e tells who pays for it"),
        (BARE, "no tag of endpoint e tells who answers for it or who pays for it"),
    ],
)
def test_words(seen: Tagged, words: str) -> None:
    assert owner_and_cost_tags(Evidence((seen,))).summary == words
