"""6.saturation System metrics, saturation: full machines are seen, and set off an alarm."""

from mlaudit.api import Evidence, Grade, Observation, Status, Verdict, check, decide, for_all
from mlaudit.capabilities.alarms import AlarmedPlace
from mlaudit.capabilities.dashboards import ShownCompute
from mlaudit.capabilities.signals import is_on_saturation


@check("6.saturation")
def saturation_alarms(places: Evidence[AlarmedPlace], shown: Evidence[ShownCompute]) -> Verdict:
    """A machine that is nearly full answers well, until it does not answer at all.

    Exercised when an alarm that has data watches the use of processor, accelerator, memory, disk or
    concurrency of every variant, or component, that serves, and a CloudWatch dashboard shows such a
    metric of each; only configured by an alarm without data, or where nothing was asked in the
    window. Fails where there is no such alarm, dashboard or not. Alarms that do nothing but scale
    do not count. Does not apply where no endpoint serves. A dashboard of another tool cannot be
    seen: attest it.
    """
    return decide(
        _alarms_first,
        for_all(places, _is_alarmed, nothing="no endpoint serves"),
        for_all(shown, _is_shown, nothing="no endpoint serves"),
    )


def _alarms_first(statuses: tuple[Status, ...]) -> Status:
    """A dashboard wakes nobody: it has a say only where all is alarmed."""
    alarmed, shown = statuses
    if alarmed is Status.PASS and shown in {Status.PARTIAL, Status.FAIL}:
        return Status.PARTIAL
    return alarmed


def _is_alarmed(place: AlarmedPlace) -> Observation:
    return place.observed(filter(is_on_saturation, place.watches), "saturation")


def _is_shown(found: ShownCompute) -> Observation:
    place = found.place
    if place.compute:
        fact = f"{place.words}: dashboard {place.compute[0]} shows its machines"
        return Observation(place.arn, Grade.EXERCISED, fact)
    return Observation(place.arn, Grade.MISSED, f"{place.words}: no dashboard shows its machines")
