import pytest

from mlaudit.capabilities.registry import ServedVersion
from mlaudit.capabilities.tracking import DeclaredWorkflow, SourceOfModel
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s2_experimentation.c2_2_code_version_control import code_version_control

DENIED = Gap("sagemaker:ListPipelines", "eu-west-1", "AccessDenied", GapReason.DENIED)
UNKNOWN = Gap.unread("sagemaker:DescribePipeline", "eu-west-1", "DeployedByUnknown", "arn:p:train")
VERSION = ServedVersion("arn:model", "model fraud on endpoint fraud", (), None, (), ())
FROM_GIT = SourceOfModel(VERSION, "0123456789abcdef", "https://git.example/fraud")
COMMIT_ONLY = SourceOfModel(VERSION, "0123456789abcdef", None)
STACK = Evidence((DeclaredWorkflow("arn:p:train", "train", "fraud"),))


@pytest.mark.parametrize(
    ("models", "workflows", "status"),
    [
        (Evidence((FROM_GIT,)), STACK, Status.PASS),
        (Evidence((COMMIT_ONLY,)), STACK, Status.PARTIAL),
        (Evidence((FROM_GIT, COMMIT_ONLY)), STACK, Status.PARTIAL),
        (Evidence((FROM_GIT,)), Evidence(), Status.PARTIAL),
        (Evidence(), STACK, Status.PASS),
        (Evidence(), Evidence(), Status.FAIL),
        (Evidence((FROM_GIT,)), Evidence((), (UNKNOWN,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), STACK, Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(
    models: Evidence[SourceOfModel], workflows: Evidence[DeclaredWorkflow], status: Status
) -> None:
    assert code_version_control(models, workflows).status is status


def test_words() -> None:
    words = "model fraud on endpoint fraud"
    assert code_version_control(Evidence((FROM_GIT,)), STACK).summary == (
        f"{words} comes from commit 0123456789ab of https://git.example/fraud; "
        "train was made by stack fraud"
    )
    assert code_version_control(Evidence((COMMIT_ONLY,)), STACK).summary == (
        f"{words} names a commit and no repository"
    )
    unknown = code_version_control(Evidence((FROM_GIT,)), Evidence((), (UNKNOWN,)))
    assert unknown.summary == "could not be seen: what deployed train"
