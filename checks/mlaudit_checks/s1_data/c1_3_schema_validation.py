"""1.3 Data schema validation: data is checked before a model learns from it."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.validation import SchemaValidation


@check("1.3")
def schema_validation(flows: Evidence[SchemaValidation]) -> Verdict:
    """A column that changes its type or its place changes the model without an error.

    Exercised when every workflow that trains succeeded in the window and checks its data first, by
    a step that can stop it: a data quality check with a baseline, or a step that its name calls a
    check of data, with a condition behind it. Only configured where the check stops nothing or
    never ran, or where the Glue catalogue has rules for the data that no step in front of training
    applies. Does not apply where nothing trains. A check inside other code in front of training, in
    Airflow or in a program that starts training jobs cannot be seen: attest it.
    """
    return for_all(flows, _is_checked, nothing="no workflow trains")


def _is_checked(found: SchemaValidation) -> Observation:
    flow, checks = found.flow, ", ".join(found.checks)
    if not found.checks and found.rules:
        fact = f"trains on data that {', '.join(found.rules)} has rules for, and applies none"
        return flow.observed(Grade.CONFIGURED, fact)
    if not found.checks:
        return flow.observed(Grade.MISSED, "trains on data that no step has checked")
    if flow.succeeded_at is None:
        fact = f"checks data in {checks} before it trains, with no success in the window"
        return flow.observed(Grade.CONFIGURED, fact)
    if not found.stops:
        fact = f"checks data in {checks} before it trains, and trains whatever comes out"
        return flow.observed(Grade.CONFIGURED, fact)
    return flow.observed(Grade.EXERCISED, f"trains only on data that passes {checks}")
