from datetime import UTC, datetime

import pytest

from mlaudit.capabilities.transforms import PostProcessing, SharedPreparation
from mlaudit.capabilities.workflows import Engine, Workflow
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit.resources import Step
from mlaudit_checks.s4_pipelines.c4_8_data_routines import data_routines

NOW = datetime(2026, 3, 1, tzinfo=UTC)
HIDDEN = Gap.unread("sagemaker:DescribeModel", "eu-west-1", "CodeNotRead", "arn:model/fraud")
DENIED = Gap("sagemaker:DescribeModel", "eu-west-1", "AccessDenied", GapReason.DENIED)


def flow(first: str, then: str, succeeded_at: datetime | None = NOW) -> Workflow:
    steps = (
        Step("a", first, (), None, None, (), ()),
        Step("b", then, ("a",), None, None, (), ()),
    )
    return Workflow("arn:flow", "train", Engine.PIPELINES, steps, succeeded_at)


def after(words: str, *, present: bool = True, used: bool = True) -> PostProcessing:
    return PostProcessing("arn:model", words, present, used, NOW)


PREPARES = Evidence((flow("processing", "training"),))
NEVER_RAN = Evidence((flow("processing", "training", None),))
THE_OTHER_WAY = Evidence((flow("training", "processing"),))
WORKS = Evidence((after("model fraud chains 3 containers"),))
NOT_YET = Evidence((after("pipeline train works on the scores", used=False),))
IDLE = Evidence((after("model fraud has no step after it", present=False, used=False),))
SHARED = Evidence((SharedPreparation("arn:model", "prepares as training does", shared=True),))
APART = Evidence((SharedPreparation("arn:model", "prepares with nothing", shared=False),))


@pytest.mark.parametrize(
    ("flows", "answers", "shared", "status"),
    [
        (PREPARES, WORKS, SHARED, Status.PASS),
        (NEVER_RAN, WORKS, SHARED, Status.PARTIAL),
        (THE_OTHER_WAY, WORKS, SHARED, Status.PARTIAL),
        (PREPARES, IDLE, SHARED, Status.PARTIAL),
        (PREPARES, NOT_YET, SHARED, Status.PARTIAL),
        (PREPARES, WORKS, APART, Status.PARTIAL),
        (PREPARES, Evidence(), Evidence(), Status.PARTIAL),
        (THE_OTHER_WAY, IDLE, APART, Status.FAIL),
        (Evidence(), Evidence(), Evidence(), Status.FAIL),
        (Evidence((), (DENIED,)), WORKS, SHARED, Status.NOT_ASSESSED),
        (PREPARES, Evidence((), (HIDDEN,)), SHARED, Status.NOT_ASSESSED),
        (PREPARES, WORKS, Evidence((), (HIDDEN,)), Status.NOT_ASSESSED),
        # one side is enough to know that it is neither a pass nor a failure
        (PREPARES, IDLE, Evidence((), (HIDDEN,)), Status.PARTIAL),
    ],
)
def test_status(
    flows: Evidence[Workflow],
    answers: Evidence[PostProcessing],
    shared: Evidence[SharedPreparation],
    status: Status,
) -> None:
    assert data_routines(flows, answers, shared).status is status


def test_words() -> None:
    assert data_routines(THE_OTHER_WAY, WORKS, APART).summary == (
        "SageMaker pipeline train prepares nothing before it trains or scores; "
        "prepares with nothing"
    )
    hidden = data_routines(PREPARES, WORKS, Evidence((), (HIDDEN,)))
    assert hidden.summary == "could not be seen: the code inside model/fraud"
