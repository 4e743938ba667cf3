"""8.1 Model input validation: at promotion by functional tests, and at every request."""

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
from mlaudit.capabilities.gates import ModelGate, ServedRegistration
from mlaudit.capabilities.requests import RequestCheck
from mlaudit_checks.s5_integration import c5_9_model_functional_tests as functional


@check("8.1")
def input_validation(
    gates: Evidence[ModelGate],
    models: Evidence[ServedRegistration],
    requests: Evidence[RequestCheck],
) -> Verdict:
    """A model answers a request that makes no sense as readily as any other.

    Exercised when functional tests stand before registration, as item 5.9 asks, and every endpoint
    that serves answered requests in the window behind a check of them: a validator with a model in
    API Gateway, or a schema or assertions in the inference code of a checkout; partial with one of
    both, or where no request came. Without an endpoint the tests decide. Checks in code that is not
    among the checkouts cannot be seen: attest them.
    """
    return decide(
        every_part,
        functional.model_functional_tests(gates, models),
        for_all(requests, _are_checked, nothing="nothing serves on an endpoint"),
    )


def _are_checked(found: RequestCheck) -> Observation:
    fact = f"has its requests checked by {', '.join(found.by)}"
    if found.answered_at is None:
        return found.observed(Grade.CONFIGURED, f"{fact}, and answered none in the window")
    return found.observed(Grade.EXERCISED, fact)
