"""X.25 Execution roles are narrow: a job may do what its work needs, and no more."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.permissions import UsedRole

NOTHING = "no model serves and no training job ran"


@check("X.25")
def narrow_roles(roles: Evidence[UsedRole]) -> Verdict:
    """Code inside a container may do whatever its role may: one bad package then owns the account.

    Exercised when no role that a served model or a training job of the window acts in has a
    wildcard, and none both trains and serves; partial where a role may do everything with a
    service, may pass on any role, or both trains and serves. A role that may do everything, as by
    AdministratorAccess or AmazonSageMakerFullAccess, fails. Does not apply where nothing serves or
    trained. Statements with conditions are taken for narrow; what else an organisation forbids, and
    whether a role uses what it may, cannot be seen.
    """
    return for_all(roles, _is_narrow, one_miss_fails=True, nothing=NOTHING)


def _is_narrow(role: UsedRole) -> Observation:
    if role.everything:
        return role.observed(Grade.MISSED, f"may do too much by {', '.join(role.everything)}")
    if role.wide:
        fact = f"may do {', '.join(role.wide)} with everything there is"
        return role.observed(Grade.CONFIGURED, fact)
    if role.trains and role.serves:
        return role.observed(Grade.CONFIGURED, "both trains and serves")
    work = "trains" if role.trains else "serves"
    return role.observed(Grade.EXERCISED, f"{work}, and has no wildcard")
