"""3.9 Performance visualization: how machines and models do is seen at a glance."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.dashboards import ShownPerformance


@check("3.9")
def performance_visualization(places: Evidence[ShownPerformance]) -> Verdict:
    """A slow decline is seen on a chart long before it crosses a threshold.

    Exercised where one CloudWatch dashboard shows, of every variant, or component, that serves, the
    use of its machines and a metric of its data or results; partial where it shows machines only,
    or where nothing was asked in the window.
    Does not apply where no endpoint serves. What a dashboard of another tool, such as Grafana or
    QuickSight, shows cannot be seen: attest it.
    """
    return for_all(places, _is_shown, nothing="no endpoint serves")


def _is_shown(found: ShownPerformance) -> Observation:
    place = found.place
    if place.whole and place.idle:
        fact = f"{place.words}: dashboard {place.whole[0]} has no request of the window to show"
        return Observation(place.arn, Grade.CONFIGURED, fact)
    if place.whole:
        fact = f"{place.words}: dashboard {place.whole[0]} shows its machines and its results"
        return Observation(place.arn, Grade.EXERCISED, fact)
    if place.compute:
        fact = f"{place.words}: dashboard {place.compute[0]} shows its machines only"
        return Observation(place.arn, Grade.CONFIGURED, fact)
    return Observation(place.arn, Grade.MISSED, f"{place.words}: no dashboard shows its machines")
