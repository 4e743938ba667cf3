import pytest

from mlaudit.capabilities.frameworks import FrameworkRange
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s4_pipelines.c4_2_multiple_frameworks import multiple_frameworks

DENIED = Gap("sagemaker:DescribeTrainingJob", "eu-west-1", "AccessDenied", GapReason.DENIED)
BOTH = ("pytorch 2", "xgboost 1")
VERSIONS = ("xgboost 1", "xgboost 3")
ONE = ("xgboost 1",)

ROUTINE = FrameworkRange("arn:job", BOTH, BOTH, BOTH, ())
TWO_VERSIONS = FrameworkRange("arn:job", VERSIONS, VERSIONS, VERSIONS, ())
BY_HAND = FrameworkRange("arn:job", BOTH, ONE, BOTH, ())
NOT_SERVED = FrameworkRange("arn:job", BOTH, BOTH, ONE, ())
NOT_THE_SAME = FrameworkRange("arn:job", ONE, ONE, ("pytorch 2",), ())
OF_ONES_OWN = FrameworkRange("arn:job", ONE, ONE, ONE, ("our-image",))
ONLY_OWN = FrameworkRange("arn:job", (), (), (), ("our-image",))
SINGLE = FrameworkRange("arn:job", ONE, ONE, ONE, ())


@pytest.mark.parametrize(
    ("evidence", "status"),
    [
        (Evidence((ROUTINE,)), Status.PASS),
        (Evidence((ROUTINE,), (DENIED,)), Status.PASS),
        (Evidence((TWO_VERSIONS,)), Status.PASS),
        (Evidence((BY_HAND,)), Status.PARTIAL),
        (Evidence((NOT_SERVED,)), Status.PARTIAL),
        (Evidence((NOT_THE_SAME,)), Status.PARTIAL),
        (Evidence((OF_ONES_OWN,)), Status.PARTIAL),
        (Evidence((ONLY_OWN,)), Status.PARTIAL),
        (Evidence((SINGLE,)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((BY_HAND,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((SINGLE,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(evidence: Evidence[FrameworkRange], status: Status) -> None:
    assert multiple_frameworks(evidence).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (ROUTINE, "pipelines train and endpoints or batches serve pytorch 2, xgboost 1"),
        (BY_HAND, "pytorch 2, xgboost 1 in use, not each of them trained by a pipeline and served"),
        (ONLY_OWN, "no known framework, and images of one's own: our-image"),
        (SINGLE, "xgboost 1 is the only framework"),
    ],
)
def test_words(seen: FrameworkRange, words: str) -> None:
    assert multiple_frameworks(Evidence((seen,))).summary == words
