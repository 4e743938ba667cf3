from typing import Any

import pytest

from mlaudit.capabilities.adversarial import AttackedModel
from mlaudit.capabilities.fairness import FairnessReports
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit.testing import build
from mlaudit_checks.s9_governance.c9_5_bias_and_attacks import bias_and_attacks

DENIED = Gap("sagemaker:ListProcessingJobs", "eu-west-1", "AccessDenied", GapReason.DENIED)
ELSEWHERE = Gap.unread("sagemaker:ListProcessingJobs", "eu-west-1", "AttackedElsewhere", "a:b:m")
WORDS = "model m on endpoint e"


def bias(**facts: Any) -> Evidence[FairnessReports]:
    return Evidence((build(FairnessReports, arn="arn:m", words=WORDS, **facts),))


def attacked(job: str | None = None, before: str | None = None) -> Evidence[AttackedModel]:
    return Evidence((AttackedModel("arn:m", WORDS, job, before, None),))


MEASURED, OF_ANOTHER, ANALYSED, UNMEASURED = (
    bias(bias=True),
    bias(bias_before=True),
    bias(analysed_by=("j",)),
    bias(),
)
ATTACKED, EARLIER, SPARED = attacked("red-team"), attacked(before="red-team"), attacked()
UNKNOWN = Evidence[AttackedModel]((), (ELSEWHERE,))
NOBODY = Evidence[AttackedModel]()


@pytest.mark.parametrize(
    ("reports", "attacks", "status"),
    [
        (MEASURED, ATTACKED, Status.PASS),
        (MEASURED, EARLIER, Status.PARTIAL),
        (MEASURED, SPARED, Status.PARTIAL),
        (OF_ANOTHER, ATTACKED, Status.PARTIAL),
        (ANALYSED, ATTACKED, Status.PARTIAL),
        (UNMEASURED, ATTACKED, Status.PARTIAL),
        (ANALYSED, UNKNOWN, Status.PARTIAL),
        (UNMEASURED, SPARED, Status.FAIL),
        (MEASURED, UNKNOWN, Status.NOT_ASSESSED),
        (UNMEASURED, UNKNOWN, Status.NOT_ASSESSED),
        (Evidence(), NOBODY, Status.NOT_APPLICABLE),
        (Evidence((), (DENIED,)), ATTACKED, Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(
    reports: Evidence[FairnessReports], attacks: Evidence[AttackedModel], status: Status
) -> None:
    assert bias_and_attacks(reports, attacks).status is status


@pytest.mark.parametrize(
    ("reports", "attacks", "words"),
    [
        (
            MEASURED,
            ATTACKED,
            "; ".join(
                [
                    f"{WORDS} is registered with the bias of its predictions",
                    f"{WORDS} was attacked by job red-team",
                ]
            ),
        ),
        (
            MEASURED,
            EARLIER,
            f"{WORDS} was not attacked since it was made; job red-team came before",
        ),
        (UNMEASURED, ATTACKED, f"{WORDS} has no report on the bias of its predictions"),
        (MEASURED, UNKNOWN, "could not be seen: whether anybody attacked m to test it"),
    ],
)
def test_words(
    reports: Evidence[FairnessReports], attacks: Evidence[AttackedModel], words: str
) -> None:
    assert bias_and_attacks(reports, attacks).summary == words
