"""D.22 Staging and production have accounts of their own: what is tried cannot harm what serves."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.accounts import EnvironmentAccounts


@check("D.22")
def accounts_apart(places: Evidence[EnvironmentAccounts]) -> Verdict:
    """A load test in the account of production takes quotas from those who pay for answers.

    Exercised when a delivery pipeline deploys to staging and to production by roles of two
    accounts, and a version passed both in the window; only configured where none did. Both in one
    account miss it, be it by a delivery pipeline or by endpoints side by side. Does not apply where
    nothing serves. An environment that no delivery pipeline names cannot be seen.
    """
    return for_all(places, _are_apart, nothing="no endpoint serves and nothing is delivered")


def _are_apart(found: EnvironmentAccounts) -> Observation:
    if not found.apart:
        return Observation(found.arn, Grade.MISSED, f"{found.words} in one account", found.used_at)
    if found.used_at is None:
        fact = f"{found.words} in two accounts, and no version passed both in the window"
        return Observation(found.arn, Grade.CONFIGURED, fact)
    fact = f"{found.words} in two accounts"
    return Observation(found.arn, Grade.EXERCISED, fact, found.used_at)
