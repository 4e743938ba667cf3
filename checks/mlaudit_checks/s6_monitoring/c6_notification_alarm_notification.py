"""6.notification System metrics, notification: an alarm that nobody hears is none."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.alarms import AlarmReach


@check("6.notification")
def alarm_notification(reaches: Evidence[AlarmReach]) -> Verdict:
    """An alarm that nobody hears is none.

    Exercised when every alarm on what serves reaches somebody: a topic with a confirmed subscriber,
    or another action that tells or acts, by itself, by an alarm on it or by a rule on its changes;
    only configured where no subscriber has confirmed. An endpoint without any alarm misses. Whether
    the right people listen is for a person to say. Does not apply where no endpoint serves.
    """
    return for_all(reaches, _reaches_somebody, nothing="no endpoint serves")


def _reaches_somebody(reach: AlarmReach) -> Observation:
    if not reach.alarmed:
        fact = f"{reach.words}: no alarm that could reach anybody"
        return Observation(reach.arn, Grade.MISSED, fact)
    if reach.reaches:
        fact = f"{reach.words} reaches {', '.join(reach.reaches)}"
        return Observation(reach.arn, Grade.EXERCISED, fact)
    if reach.pending:
        fact = f"{reach.words} reaches only subscribers who have not confirmed"
        return Observation(reach.arn, Grade.CONFIGURED, fact)
    return Observation(reach.arn, Grade.MISSED, f"{reach.words} reaches nobody")
