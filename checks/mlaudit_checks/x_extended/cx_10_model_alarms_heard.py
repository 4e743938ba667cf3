"""X.10 Alarms on the model reach somebody: drift that goes off is heard."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.guards import ModelAlarmReach


@check("X.10")
def model_alarms_heard(alarms: Evidence[ModelAlarmReach]) -> Verdict:
    """Drift that nobody hears of is as bad as drift that nobody measures.

    Exercised when every alarm on a metric of the team's own, such as drift or accuracy, surely
    reaches somebody: a topic with a confirmed subscriber, or a service that acts; only configured
    while its subscribers have not confirmed. One that reaches nobody fails. Does not apply where no
    alarm watches such a metric.
    """
    return for_all(
        alarms, _is_heard, one_miss_fails=True, nothing="no alarm watches a metric of one's own"
    )


def _is_heard(found: ModelAlarmReach) -> Observation:
    reach = found.reach
    if reach.reaches:
        fact = f"{reach.words} reaches {', '.join(reach.reaches)}"
        return Observation(reach.arn, Grade.EXERCISED, fact)
    if reach.pending:
        fact = f"{reach.words} waits for {reach.pending} subscribers to confirm"
        return Observation(reach.arn, Grade.CONFIGURED, fact)
    return Observation(reach.arn, Grade.MISSED, f"{reach.words} reaches nobody")
