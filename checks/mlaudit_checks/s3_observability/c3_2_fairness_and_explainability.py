"""3.2 Bias, fairness and explainability: reports stand next to the version that serves."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, decide, every_part, for_all
from mlaudit.capabilities.fairness import FairnessReports


@check("3.2")
def fairness_and_explainability(models: Evidence[FairnessReports]) -> Verdict:
    """Whoever is turned down by a model may ask why, and whether others like them were.

    Exercised when every version that serves is registered with a report that explains its
    predictions, one on the bias of its training data and one on the bias of its predictions;
    partial with some of the three, with reports of another version, or with a job of the window
    that analysed and was not registered. Reports that are kept elsewhere, and who reads any, cannot
    be seen: attest them.
    """
    return decide(
        every_part,
        for_all(models, _is_explained, nothing="no model serves"),
        for_all(models, _is_measured, nothing="no model serves"),
    )


def _is_explained(model: FairnessReports) -> Observation:
    if model.explained:
        return model.observed(Grade.EXERCISED, "is registered with an explanation")
    if model.explained_before:
        return model.observed(Grade.CONFIGURED, "is not explained, unlike another version")
    if model.analysed_by:
        fact = f"has no explanation registered from job {model.analysed_by[0]}"
        return model.observed(Grade.CONFIGURED, fact)
    return model.observed(Grade.MISSED, "has no explanation registered")


def _is_measured(model: FairnessReports) -> Observation:
    if model.bias and model.data_bias:
        return model.observed(Grade.EXERCISED, "is registered with its bias and that of its data")
    if model.bias or model.data_bias:
        missing = "that of its data" if model.bias else "that of its predictions"
        return model.observed(
            Grade.CONFIGURED, f"is registered with a report on bias, not on {missing}"
        )
    if model.bias_before:
        return model.observed(Grade.CONFIGURED, "has no report on bias, unlike another version")
    if model.analysed_by:
        fact = f"has no report on bias registered from job {model.analysed_by[0]}"
        return model.observed(Grade.CONFIGURED, fact)
    return model.observed(Grade.MISSED, "has no report on bias registered")
