"""9.2 Audit and documentation: what changed is on record, and why."""

from mlaudit.api import (
    Evidence,
    Grade,
    Observation,
    Status,
    Verdict,
    check,
    decide,
    every_part,
    exists,
    for_all,
)
from mlaudit.capabilities.documentation import APPROVED, CallRecord, DocumentedModel, StateRecord
from mlaudit.capabilities.tracking import RunTracking


@check("9.2")
def audit_and_documentation(
    calls: Evidence[CallRecord],
    states: Evidence[StateRecord],
    runs: Evidence[RunTracking],
    models: Evidence[DocumentedModel],
) -> Verdict:
    """Whoever asks in a year why a model decided as it did needs a record of the time.

    Exercised when a trail delivered calls that change something in the window, or an event data
    store takes them; AWS Config records resources of SageMaker; at least 90 % of the training jobs
    of the window are tracked; and every model that serves has an approved model card. Partial where
    some of these hold, or are only configured: a card in draft, a recorder that is stopped. Fails
    where neither calls nor configurations are recorded: reasons alone are no record of changes.
    Whether the reasons that a card gives are good ones, and what is written elsewhere, cannot be
    seen: attest it.
    """
    return decide(
        _joined,
        exists(calls, lambda each: each.record.observed("calls"), nothing="nothing records calls"),
        exists(
            states,
            lambda each: each.record.observed("configurations"),
            nothing="nothing records configurations",
        ),
        exists(
            runs,
            RunTracking.observed,
            when_none=Status.NOT_APPLICABLE,
            nothing="nothing trained in the window",
        ),
        for_all(models, _is_documented, nothing="no model serves"),
    )


def _joined(parts: tuple[Status, ...]) -> Status:
    unrecorded = parts[:2] == (Status.FAIL, Status.FAIL)
    return Status.FAIL if unrecorded else every_part(parts)


def _is_documented(model: DocumentedModel) -> Observation:
    if APPROVED in model.statuses:
        return Observation(model.arn, Grade.EXERCISED, f"{model.words} has an approved card")
    if model.statuses:
        fact = f"{model.words} has a card that is {model.statuses[0]}, not approved"
        return Observation(model.arn, Grade.CONFIGURED, fact)
    return Observation(model.arn, Grade.MISSED, f"{model.words} has no card")
