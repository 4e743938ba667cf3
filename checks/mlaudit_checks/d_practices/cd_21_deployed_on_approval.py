"""D.21 Approval deploys by itself: what was decided also happens."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.approvals import ApprovalDeployment


@check("D.21")
def deployed_on_approval(models: Evidence[ApprovalDeployment]) -> Verdict:
    """Between an approval and a deployment by hand, the wrong version may be taken.

    Exercised when every model that serves came to serve within a day after a rule on approvals of
    its group had set off its targets; only configured where such a rule is there and did not. A
    version that serves without an approval misses it. Does not apply where no model serves. A tool
    that asks the registry by itself cannot be seen.
    """
    return for_all(models, _is_deployed, nothing="no model serves")


def _is_deployed(found: ApprovalDeployment) -> Observation:
    if found.rule is None:
        return found.observed(Grade.MISSED, "serves without an approval")
    if not found.enabled:
        return found.observed(Grade.CONFIGURED, f"would be deployed by rule {found.rule}, if on")
    if found.deployed_at is None:
        fact = f"has rule {found.rule} on its approval, which did not bring it in the window"
        return found.observed(Grade.CONFIGURED, fact)
    return found.observed(Grade.EXERCISED, f"was deployed by rule {found.rule} on its approval")
