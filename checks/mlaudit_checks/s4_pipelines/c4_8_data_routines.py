"""4.8 Preprocessing and post-processing routines: on both sides of a model, alike in both lives."""

from mlaudit.api import (
    Evidence,
    Grade,
    Observation,
    Verdict,
    check,
    decide,
    every_part,
    exists,
)
from mlaudit.capabilities.transforms import LEARNS, PREPARES, PostProcessing, SharedPreparation
from mlaudit.capabilities.workflows import Workflow


@check("4.8")
def data_routines(
    flows: Evidence[Workflow],
    after: Evidence[PostProcessing],
    shared: Evidence[SharedPreparation],
) -> Verdict:
    """A model trained on prepared data and served raw data answers nonsense.

    Exercised when a workflow that succeeded in the window prepares data before it trains or scores,
    something works on what the model answers, and serving prepares requests with an image that
    prepares training data; partial where one of the three is missing. Code inside a single
    container of one's own cannot be seen, nor the script that an image of AWS or of a public
    registry runs: attest it.
    """
    return decide(
        every_part,
        exists(flows, _prepares, nothing="no workflow prepares data"),
        exists(after, _works_on_answers, nothing="nothing works on what a model answers"),
        exists(shared, _is_shared, nothing="no model serves with the preparation of training"),
    )


def _prepares(flow: Workflow) -> Observation:
    if not flow.runs_before(PREPARES, LEARNS):
        return flow.observed(Grade.MISSED, "prepares nothing before it trains or scores")
    if flow.succeeded_at is None:
        return flow.observed(Grade.CONFIGURED, "prepares data, with no success in the window")
    return flow.observed(Grade.EXERCISED, "prepares data before it trains or scores")


def _works_on_answers(found: PostProcessing) -> Observation:
    if not found.present:
        return Observation(found.arn, Grade.MISSED, found.words, found.at)
    grade = Grade.EXERCISED if found.used else Grade.CONFIGURED
    return Observation(found.arn, grade, found.words, found.at)


def _is_shared(found: SharedPreparation) -> Observation:
    return Observation(found.arn, Grade.EXERCISED if found.shared else Grade.MISSED, found.words)
