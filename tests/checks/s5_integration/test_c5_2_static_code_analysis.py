import pytest

from mlaudit.capabilities.repositories import Aspect, CodeAnalysis, Practice
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s5_integration.c5_2_static_code_analysis import static_code_analysis

UNSEEN = Gap("repository:read", "eu-west-1", "NoRepository", GapReason.NO_CHECKOUT)


def analysis(aspect: Aspect, *, on_commit: bool = True, present: bool = True) -> CodeAnalysis:
    return CodeAnalysis(aspect, Practice(f"repo://app/{aspect}", f"{aspect}", on_commit), present)


STYLE, SECURITY, INFRASTRUCTURE = (analysis(each) for each in Aspect)
LOCAL_STYLE, LOCAL_SECURITY, _ = (analysis(each, on_commit=False) for each in Aspect)
MISSING = analysis(Aspect.INFRASTRUCTURE, on_commit=False, present=False)


@pytest.mark.parametrize(
    ("found", "status"),
    [
        ((STYLE, SECURITY, INFRASTRUCTURE), Status.PASS),
        # no infrastructure code: nothing is asked for it
        ((STYLE, SECURITY), Status.PASS),
        ((LOCAL_STYLE, STYLE, SECURITY), Status.PASS),
        ((STYLE, SECURITY, MISSING), Status.PARTIAL),
        ((STYLE,), Status.PARTIAL),
        ((STYLE, LOCAL_SECURITY), Status.PARTIAL),
        ((LOCAL_STYLE, LOCAL_SECURITY), Status.PARTIAL),
        ((MISSING,), Status.FAIL),
        ((), Status.FAIL),
    ],
)
def test_status(found: tuple[CodeAnalysis, ...], status: Status) -> None:
    assert static_code_analysis(Evidence(found)).status is status


@pytest.mark.parametrize(
    ("found", "status"),
    [
        ((), Status.NOT_ASSESSED),
        ((STYLE,), Status.NOT_ASSESSED),
        ((STYLE, SECURITY), Status.NOT_ASSESSED),
        ((STYLE, SECURITY, INFRASTRUCTURE), Status.PASS),
    ],
)
def test_status_of_what_is_seen_in_part(found: tuple[CodeAnalysis, ...], status: Status) -> None:
    assert static_code_analysis(Evidence(found, (UNSEEN,))).status is status


def test_words() -> None:
    assert static_code_analysis(Evidence((STYLE, LOCAL_SECURITY, MISSING))).summary == (
        "security, and no commit starts it; infrastructure is not analysed"
    )
    assert (
        static_code_analysis(Evidence()).summary == "no analyser of style; no analyser of security"
    )
