"""D.39 Fleets at the edge are managed: what runs out there is known, and told from here."""

from mlaudit.api import Evidence, Grade, Observation, Verdict, check, for_all
from mlaudit.capabilities.edge import EdgeDevice


@check("D.39")
def edge_reports(devices: Evidence[EdgeDevice]) -> Verdict:
    """A device that nobody hears of answers with an old model for years.

    Exercised when every core device of the workload told in the window that it is healthy; partial
    where one of several did not. Does not apply where no core device is in the region. What a
    device without tags runs cannot be seen.
    """
    return for_all(devices, _reports, nothing="no core device of IoT Greengrass is in the region")


def _reports(found: EdgeDevice) -> Observation:
    name, at = f"core device {found.device.name}", found.device.reported_at
    if not found.reports:
        fact = f"{name} told nothing of itself in the window"
        return Observation(found.device.arn, Grade.MISSED, fact, at)
    if not found.device.healthy:
        return Observation(found.device.arn, Grade.MISSED, f"{name} is not healthy", at)
    return Observation(found.device.arn, Grade.EXERCISED, f"{name} is healthy", at)
