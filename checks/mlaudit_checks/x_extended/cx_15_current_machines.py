"""X.15 Machines are of a current generation: no more money for less speed."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.machines import Machine

SUCCESSORS = {"c4": "c6i", "m4": "m5", "p2": "g4dn", "p3": "g5", "r4": "r5"}
"""Families that AWS calls previous generation, each with one that does the same."""


@check("X.15")
def current_machines(machines: Evidence[Machine]) -> Verdict:
    """An old family costs more for less, and one day there is no capacity of it left.

    Exercised when everything that serves, and every training job of the window, is on a family
    without a successor. One that is configured for an older family fails. Does not apply where
    nothing serves on instances and nothing trained. How busy the machines are cannot be seen here.
    """
    return for_all(
        machines, _is_current, one_miss_fails=True, nothing="nothing serves or trained on instances"
    )


def _is_current(machine: Machine) -> Observation:
    successor = SUCCESSORS.get(machine.family)
    if successor is None:
        return machine.observed(Grade.EXERCISED, f"is on {machine.instance_type}")
    fact = f"is on {machine.instance_type}, which {successor} succeeds"
    return machine.observed(Grade.MISSED, fact)
