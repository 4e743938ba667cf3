"""5.9 Model functional tests: a model is tried on examples before anybody can deploy it."""

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
from mlaudit.capabilities.gates import ModelGate, ServedRegistration


@check("5.9")
def model_functional_tests(
    gates: Evidence[ModelGate], models: Evidence[ServedRegistration]
) -> Verdict:
    """A model that answers nonsense must be stopped before it can be deployed.

    Exercised when a workflow that succeeded in the window tests each trained model and registers it
    only under a condition on that test, and every model that serves was registered by such a
    workflow; partial where a test has no condition behind it, never ran, or what serves bypassed
    it. A workflow that deploys without registering is judged by what stands before deployment. What
    a test contains, one inside a training script, and one in a CI that AWS does not show cannot be
    seen: attest it.
    """
    return decide(
        every_part,
        exists(gates, _tests, nothing="no workflow tests a model before it is registered"),
        for_all(models, _was_tested, nothing="no model serves"),
    )


def _tests(gate: ModelGate) -> Observation:
    flow, tests = gate.flow, ", ".join(gate.tests)
    if not gate.tests:
        return flow.observed(Grade.MISSED, "lets out models that no step has tested")
    if not gate.stops:
        fact = f"tests models in {tests}, and no condition on it stops a bad one"
        return flow.observed(Grade.CONFIGURED, fact)
    if flow.succeeded_at is None:
        fact = f"tests models in {tests} under a condition, with no success in the window"
        return flow.observed(Grade.CONFIGURED, fact)
    return flow.observed(Grade.EXERCISED, f"lets out only models that pass {tests}")


def _was_tested(found: ServedRegistration) -> Observation:
    model = found.served.model
    words = f"model {model.name} {found.served.where}"
    if found.gated:
        return Observation(model.arn, Grade.EXERCISED, f"{words} passed a test to be registered")
    missing = "was registered without a test that can stop it" if found.registered else None
    return Observation(model.arn, Grade.MISSED, f"{words} {missing or 'was never registered'}")
