"""6.3 Concept drift: the relation of input and answer is watched for change."""

from dataclasses import replace

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.detectors import ConceptDriftControl


@check("6.3")
def concept_drift(controls: Evidence[ConceptDriftControl]) -> Verdict:
    """Data can look as ever while what it means has changed.

    Exercised when, on every endpoint that serves, something watches which features move the answers
    and ran with success in twice its period: a Model Monitor schedule of attributions, a scheduled
    job tagged ``mlaudit:control`` with ``concept-drift``, or an alarm with data on such a metric of
    one's own; only configured where it did not run, failed or has no baseline, or where only the
    quality of answers is watched. Does not apply where no endpoint serves.
    """
    return for_all(controls, _is_watched, nothing="no endpoint serves")


def _is_watched(control: ConceptDriftControl) -> Observation:
    own = control.endpoint.observed("the relation of input and answer")
    if own.grade is not Grade.MISSED or not control.results.detectors:
        return own
    return replace(control.results.observed("the quality of answers only"), grade=Grade.CONFIGURED)
