"""D.37 A firewall stands before public interfaces: floods and probes end before the model."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.firewalls import PublicInterface


@check("D.37")
def behind_firewall(stages: Evidence[PublicInterface]) -> Verdict:
    """Who may ask a model as often as they like can copy it, or let its owner pay.

    Exercised when a web ACL of AWS WAF stands before every stage of a public REST API that leads to
    an endpoint; partial where one of several has none. Does not apply where no such API leads to
    one. A function that calls an endpoint may be behind another interface, which cannot be seen.
    """
    return for_all(stages, _is_behind, nothing="no public REST API leads to an endpoint")


def _is_behind(found: PublicInterface) -> Observation:
    grade = Grade.EXERCISED if found.firewall else Grade.MISSED
    fact = f"{found.words} has {'a' if found.firewall else 'no'} web ACL"
    return Observation(found.arn, grade, fact)
