"""2.1 Integrated development environments: people work where the cloud and the code are."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, exists
from mlaudit.capabilities.workbenches import Workbench


@check("2.1")
def integrated_environments(environments: Evidence[Workbench]) -> Verdict:
    """Who cannot reach data and compute from the editor carries both to a laptop.

    Exercised when a Studio space or a notebook instance has a repository attached, or lets an
    editor on one's own machine connect, and runs or was changed in the window; only configured
    where it is idle, or where nothing ties it to version control. Repositories that people clone
    inside an environment, and editors of their own with an SDK alone, cannot be seen: attest them.
    """
    return exists(environments, _is_tied, nothing="no environment to work in")


def _is_tied(found: Workbench) -> Observation:
    if not found.tied:
        return found.observed(Grade.CONFIGURED, "is not tied to a repository")
    ties = " and ".join(found.tied)
    if not found.used:
        return found.observed(Grade.CONFIGURED, f"has {ties}, and nobody used it in the window")
    return found.observed(Grade.EXERCISED, f"has {ties} and is in use")
