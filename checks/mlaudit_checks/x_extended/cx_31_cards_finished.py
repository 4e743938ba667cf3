"""X.31 Approved versions have a finished model card: no draft describes what serves."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.cards import CardedVersion

DONE = "Approved"
WAITING = "PendingReview"


@check("X.31")
def cards_finished(cards: Evidence[CardedVersion]) -> Verdict:
    """A card that was never finished is the version that everybody reads.

    Exercised when every card about an approved version that serves, or about its group or model, is
    approved; only configured while it waits for its review. One that is a draft or was put away
    fails. Does not apply where no card is about such a version.
    """
    return for_all(
        cards, _is_finished, one_miss_fails=True, nothing="no card is about a version that serves"
    )


def _is_finished(card: CardedVersion) -> Observation:
    grades = {DONE: Grade.EXERCISED, WAITING: Grade.CONFIGURED}
    return card.observed(grades.get(card.status, Grade.MISSED), f"is {card.status}")
