"""X.13 Baselines belong to the version that serves: drift is measured from the right place."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.compared import ComparedBaseline


@check("X.13")
def baseline_of_served_version(baselines: Evidence[ComparedBaseline]) -> Verdict:
    """Against the baseline of an older version, drift that the new one was trained on is an alarm.

    Exercised when every Model Monitor schedule on what serves compares with a baseline that is
    registered with a version that serves; only configured where the baseline is registered with no
    version at all. One that compares with the baseline of another version fails. Does not apply
    where no such schedule has a baseline. What monitors of another make compare with cannot be
    seen here.
    """
    return for_all(baselines, _is_of_served, one_miss_fails=True, nothing="no schedule has one")


def _is_of_served(found: ComparedBaseline) -> Observation:
    if found.serving:
        return found.observed(Grade.EXERCISED, f"the baseline of {', '.join(found.serving)}")
    if found.others:
        fact = f"the baseline of {', '.join(found.others)}, which does not serve"
        return found.observed(Grade.MISSED, fact)
    return found.observed(Grade.CONFIGURED, "a baseline that is registered with no version")
