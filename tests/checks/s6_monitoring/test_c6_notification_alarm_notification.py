import pytest

from mlaudit.capabilities.alarms import AlarmReach
from mlaudit.evidence import Evidence
from mlaudit.model import Gap, GapReason, Status
from mlaudit_checks.s6_monitoring.c6_notification_alarm_notification import alarm_notification

DENIED = Gap("sns:ListSubscriptionsByTopic", "eu-west-1", "AccessDenied", GapReason.DENIED)


def reach(*reaches: str, alarmed: bool = True, pending: int = 0) -> AlarmReach:
    words = "alarm 5xx" if alarmed else "endpoint fraud, variant main"
    return AlarmReach("arn:alarm", words, alarmed, reaches, pending)


HEARD = reach("topic on-call with 2 confirmed")
PENDING = reach(pending=1)
SILENT = reach()
UNWATCHED = reach(alarmed=False)


@pytest.mark.parametrize(
    ("reaches", "status"),
    [
        (Evidence((HEARD, HEARD)), Status.PASS),
        (Evidence((HEARD, SILENT)), Status.PARTIAL),
        (Evidence((HEARD, UNWATCHED)), Status.PARTIAL),
        (Evidence((PENDING,)), Status.PARTIAL),
        (Evidence((SILENT,)), Status.FAIL),
        (Evidence((UNWATCHED,)), Status.FAIL),
        (Evidence(), Status.NOT_APPLICABLE),
        (Evidence((HEARD,), (DENIED,)), Status.NOT_ASSESSED),
        (Evidence((), (DENIED,)), Status.NOT_ASSESSED),
    ],
)
def test_status(reaches: Evidence[AlarmReach], status: Status) -> None:
    assert alarm_notification(reaches).status is status


@pytest.mark.parametrize(
    ("seen", "words"),
    [
        (HEARD, "alarm 5xx reaches topic on-call with 2 confirmed"),
        (PENDING, "alarm 5xx reaches only subscribers who have not confirmed"),
        (SILENT, "alarm 5xx reaches nobody"),
        (UNWATCHED, "endpoint fraud, variant main: no alarm that could reach anybody"),
    ],
)
def test_words(seen: AlarmReach, words: str) -> None:
    assert alarm_notification(Evidence((seen,))).summary == words
