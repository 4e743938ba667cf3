"""D.36 Containers reach no network: what trains and serves can send data nowhere."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.protection import Isolation


@check("D.36")
def isolated_from_network(containers: Evidence[Isolation]) -> Verdict:
    """A library that was tampered with is harmless where it can call nobody.

    Exercised when every model that serves and every training job of the window is isolated from the
    network; only configured where one of them is in a network of the account, whose rules are not
    read. Does not apply where nothing trains or serves.
    """
    return for_all(containers, _is_isolated, nothing="nothing trains or serves")


def _is_isolated(found: Isolation) -> Observation:
    if found.isolated:
        return found.observed(Grade.EXERCISED, "reaches no network")
    if found.in_network:
        return found.observed(Grade.CONFIGURED, "reaches a network of the account")
    return found.observed(Grade.MISSED, "reaches the internet")
