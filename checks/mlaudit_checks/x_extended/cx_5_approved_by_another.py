"""X.5 Served versions are approved by somebody else, with a note: who let it out, and why."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.governance import SignOff


@check("X.5")
def approved_by_another(approvals: Evidence[SignOff]) -> Verdict:
    """An approval by the pipeline that registers, or one without a reason, is no second look.

    Exercised when every version that serves was approved by another identity than the one that
    registered it, with a note that says why; partial where the note is missing, or where AWS does
    not tell who approved. One version that serves unapproved, or was approved by its author, fails.
    Does not apply where no registered version serves. A model without a version may have been
    signed off elsewhere, and cannot be seen here.
    """
    return for_all(
        approvals, _has_a_second_look, one_miss_fails=True, nothing="no registered version serves"
    )


def _has_a_second_look(found: SignOff) -> Observation:
    package = found.package
    name = package.name.replace("/", " version ")
    if not found.approved:
        status = package.approval or "missing"
        return _seen(found, Grade.MISSED, f"{name} serves, its approval is {status}")
    if found.by_another is False:
        return _seen(found, Grade.MISSED, f"{name} was approved by its author")
    if found.by_another is None:
        return _seen(found, Grade.CONFIGURED, f"{name} is approved, nothing tells by whom")
    if not package.approval_note:
        return _seen(found, Grade.CONFIGURED, f"{name} was approved by another, without a note")
    return _seen(found, Grade.EXERCISED, f"{name} was approved by another, with a note")


def _seen(found: SignOff, grade: Grade, fact: str) -> Observation:
    return Observation(found.package.arn, grade, fact, found.package.created_at)
