"""9.4 Human-in-the-loop signoff: somebody else than the author lets a model out."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.governance import SignOff


@check("9.4")
def human_signoff(approvals: Evidence[SignOff]) -> Verdict:
    """A model that approves itself is answered for by nobody.

    Exercised when every registered version that serves was approved by another principal than the
    one that registered it; partial where it is the same one, or where AWS does not tell who it was.
    Fails where versions serve without an approval, or were registered as approved. Does not apply
    where no registered version serves. Which person stands behind a role, and the approvals of
    other moves between environments, are for a person to attest.
    """
    return for_all(approvals, _was_signed_off, nothing="no registered version serves")


def _was_signed_off(found: SignOff) -> Observation:
    package = found.package
    name = package.name.replace("/", " version ")
    if not found.approved:
        status = package.approval or "missing"
        return _seen(found, Grade.MISSED, f"{name} serves, its approval is {status}")
    if found.by_another:
        return _seen(found, Grade.EXERCISED, f"{name} was approved by another than its author")
    if found.by_another is False:
        return _seen(found, Grade.CONFIGURED, f"{name} was approved by its author")
    if package.created_by and not found.changed:
        return _seen(found, Grade.MISSED, f"{name} was registered as approved")
    return _seen(found, Grade.CONFIGURED, f"{name} is approved, nothing tells by whom")


def _seen(found: SignOff, grade: Grade, fact: str) -> Observation:
    return Observation(found.package.arn, grade, fact, found.package.created_at)
