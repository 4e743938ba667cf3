"""7.2 Model promotion processes: a version is tried and approved apart from production."""

from mlaudit.api import (
    Evidence,
    Grade,
    Observation,
    Status,
    Verdict,
    check,
    decide,
    exists,
    for_all,
)
from mlaudit.capabilities.promotion import Promotion, PromotionRunbook


@check("7.2")
def promotion_processes(
    promotions: Evidence[Promotion], runbooks: Evidence[PromotionRunbook]
) -> Verdict:
    """A version that meets its first test in production fails in front of callers.

    Exercised when every version that serves came in the window, was tried apart from production
    (by a stage of a delivery pipeline, or by a workflow whose condition can stop it) and approved
    afterwards (by an approval action, by a step that waits for somebody, or in the registry), and a
    runbook is on record; partial with one of them, or where it came before the window. Does not
    apply where no model serves. What tools outside of AWS did, and what a runbook says, are for a
    person to attest.
    """
    return decide(
        _with_runbook,
        for_all(promotions, _was_promoted, nothing="no model serves"),
        exists(runbooks, _is_there, when_none=Status.NOT_APPLICABLE, nothing="no runbook"),
    )


def _with_runbook(statuses: tuple[Status, ...]) -> Status:
    """The way of a version decides, and a pass takes a runbook too."""
    promoted, runbook = statuses
    if promoted is Status.PASS and runbook is not Status.PASS:
        return Status.PARTIAL
    return promoted


def _is_there(runbook: PromotionRunbook) -> Observation:
    return Observation(runbook.arn, Grade.EXERCISED, f"{runbook.words} is there")


def _was_promoted(found: Promotion) -> Observation:
    by = f" by {', '.join(found.by)}" if found.by else ""
    if not found.tested and not found.approved:
        return found.observed(Grade.MISSED, f"was deployed{by} without a test or an approval")
    if not found.approved:
        return found.observed(Grade.CONFIGURED, f"passed {found.tested[0]}, and no approval")
    if not found.tested:
        fact = f"passed {found.approved[0]}, and no test apart from production"
        return found.observed(Grade.CONFIGURED, fact)
    fact = f"passed {found.tested[0]} and {found.approved[0]}"
    if found.placed_at is None:
        return found.observed(Grade.CONFIGURED, f"{fact}, before the window")
    return found.observed(Grade.EXERCISED, fact)
