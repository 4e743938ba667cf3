"""5.4 Feature tests: what a model relies on is computed, and must not change unseen."""

from mlaudit.api import (
    Evidence,
    Grade,
    Observation,
    Verdict,
    check,
    decide,
    every_part,
    exists,
    for_all,
)
from mlaudit.capabilities.features import FeatureImportance, FeatureTest


@check("5.4")
def feature_tests(models: Evidence[FeatureImportance], tests: Evidence[FeatureTest]) -> Verdict:
    """A model that suddenly relies on another feature has often learned from a leak.

    Exercised when the importance of features is registered with the version of every model that
    serves, or was computed in the run that registered it, and a workflow that succeeded in the
    window compares it and can stop: by a ClarifyCheck step with a baseline, or by a step named
    after importance, attribution, explanation or SHAP with a condition behind it; partial with one
    of the two, or where such a step is only configured. Importance that other code computes, and
    whether a check was told not to fail on a violation, cannot be seen: attest it.
    """
    return decide(
        every_part,
        for_all(models, _is_known, nothing="no model serves"),
        exists(tests, _is_tested, nothing="no workflow compares the importance of features"),
    )


def _is_known(found: FeatureImportance) -> Observation:
    version, step = found.version, found.computed_in
    if found.registered:
        return version.observed(Grade.EXERCISED, "is registered with the importance of features")
    if found.of_version:
        fact = f"has the importance of its features from step {step} of its run"
        return version.observed(Grade.EXERCISED, fact)
    if step:
        fact = f"is not registered with the importance of features, which step {step} is about"
        return version.observed(Grade.CONFIGURED, fact)
    return version.observed(Grade.MISSED, "has no importance of features on record")


def _is_tested(test: FeatureTest) -> Observation:
    flow, steps = test.flow, ", ".join(test.steps)
    if not test.steps:
        return flow.observed(Grade.MISSED, "makes models without a look at their features")
    if not test.stops:
        fact = f"computes the importance of features in {steps}, and nothing stops on a change"
        return flow.observed(Grade.CONFIGURED, fact)
    if flow.succeeded_at is None:
        fact = f"compares the importance of features in {steps}, with no success in the window"
        return flow.observed(Grade.CONFIGURED, fact)
    fact = f"lets out only models whose importance of features passes {steps}"
    return flow.observed(Grade.EXERCISED, fact)
