"""X.23 Owner and cost centre are tagged: who answers for it, and who pays."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.upkeep import Tagged


@check("X.23")
def owner_and_cost_tags(things: Evidence[Tagged]) -> Verdict:
    """What has no owner is never deleted, and what has no cost centre is paid by everybody.

    Exercised when every endpoint that serves, every pipeline and group, and the newest job of each
    kind has a tag whose key speaks of an owner and one that speaks of who pays; partial with one of
    the two. One without either fails. Does not apply where there is nothing to tag. Whether the
    values are right is for a person to say.
    """
    return for_all(things, _is_tagged, one_miss_fails=True, nothing="nothing that costs money")


def _is_tagged(thing: Tagged) -> Observation:
    told = {"who answers for it": thing.owned, "who pays for it": thing.charged}
    missing = [what for what, known in told.items() if not known]
    if not missing:
        fact = f"tags of {thing.words} tell who answers and who pays for it"
        return Observation(thing.arn, Grade.EXERCISED, fact)
    grade = Grade.MISSED if len(missing) == len(told) else Grade.CONFIGURED
    fact = f"no tag of {thing.words} tells {' or '.join(missing)}"
    return Observation(thing.arn, grade, fact)
