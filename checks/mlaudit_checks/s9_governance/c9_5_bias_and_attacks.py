"""9.5 Bias and adversarial attacks testing: a model is tried by those who wish it ill."""

from mlaudit.api import (
    Evidence,
    Grade,
    Observation,
    Verdict,
    check,
    decide,
    every_part,
    for_all,
)
from mlaudit.capabilities.adversarial import AttackedModel
from mlaudit.capabilities.fairness import FairnessReports


@check("9.5")
def bias_and_attacks(
    reports: Evidence[FairnessReports], attacked: Evidence[AttackedModel]
) -> Verdict:
    """Somebody will try to deceive a model that decides anything, or be wronged by it.

    Exercised when every model that serves is registered with a report on the bias of its
    predictions, and a job of the window attacked it: one whose name or image speaks of that, or
    that is tagged ``mlaudit:control`` with ``adversarial``; partial where one of the two is
    missing, or only another version was examined. Does not apply where no model serves. Attacks by
    people, and by tools that leave no job, cannot be seen: attest their report.
    """
    return decide(
        every_part,
        for_all(reports, _is_measured, nothing="no model serves"),
        for_all(attacked, _is_attacked, nothing="no model serves"),
    )


def _is_measured(model: FairnessReports) -> Observation:
    if model.bias:
        return model.observed(Grade.EXERCISED, "is registered with the bias of its predictions")
    if model.bias_before or model.analysed_by:
        fact = "has no report on the bias of its predictions, though something was analysed"
        return model.observed(Grade.CONFIGURED, fact)
    return model.observed(Grade.MISSED, "has no report on the bias of its predictions")


def _is_attacked(model: AttackedModel) -> Observation:
    if model.job:
        fact = f"{model.words} was attacked by job {model.job}"
        return Observation(model.arn, Grade.EXERCISED, fact, model.at)
    if model.before:
        fact = f"{model.words} was not attacked since it was made; job {model.before} came before"
        return Observation(model.arn, Grade.CONFIGURED, fact, model.at)
    return Observation(model.arn, Grade.MISSED, f"{model.words} was not attacked by any job")
