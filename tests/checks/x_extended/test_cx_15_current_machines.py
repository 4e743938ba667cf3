from typing import Any

import pytest

from mlaudit.capabilities.machines import Machine
from mlaudit.evidence import Evidence
from mlaudit.model import Status
from mlaudit.testing import gap
from mlaudit_checks.x_extended.cx_15_current_machines import current_machines

DENIED = (gap("sagemaker:DescribeEndpointConfig"),)
NEW, OLD = (Machine("arn:e", "endpoint e", kind, None) for kind in ("ml.m5.large", "ml.m4.xlarge"))


@pytest.mark.parametrize(
    ("seen", "gaps", "status"),
    [
        ((NEW,), (), Status.PASS),
        ((NEW, OLD), (), Status.FAIL),
        ((OLD,), DENIED, Status.FAIL),
        ((), (), Status.NOT_APPLICABLE),
        ((NEW,), DENIED, Status.NOT_ASSESSED),
        ((), DENIED, Status.NOT_ASSESSED),
    ],
)
def test_status(seen: tuple[Machine, ...], gaps: tuple[Any, ...], status: Status) -> None:
    assert current_machines(Evidence(seen, gaps)).status is status


def test_words() -> None:
    assert current_machines(Evidence((NEW,))).summary == "endpoint e is on ml.m5.large"
    assert current_machines(Evidence((OLD,))).summary == (
        "endpoint e is on ml.m4.xlarge, which m5 succeeds"
    )
