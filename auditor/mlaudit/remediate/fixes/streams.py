"""Stop a stream that reaches a model before the workload may serve one."""

from __future__ import annotations

from collections.abc import Iterator

from mlaudit.capabilities.streaming import stream_paths
from mlaudit.model import Status
from mlaudit.remediate.change import Change
from mlaudit.remediate.fix import Sight
from mlaudit.resources import EventSourceMapping


def pause_stream(sight: Sight) -> Iterator[Change]:
    """Disable the mappings of live paths that a critical finding of the workload is about.

    It is the only fix that stops something on purpose. A pipe is left to people.
    """
    members = sight.view.members or frozenset()
    critical = {
        seen.arn
        for item in sight.items.values()
        if item.critical and item.status is Status.FAIL
        for seen in item.observations
    }
    live = {each.arn: each for each in sight.view.once(stream_paths).items if each.live}
    for arn in sorted(critical & live.keys()):
        mapping = sight.view.region.get(EventSourceMapping, arn)
        if mapping is not None and not members.isdisjoint((arn, mapping.function_arn)):
            yield Change(
                kind="lambda.event-source",
                key={"UUID": arn.rpartition(":")[2]},
                region=sight.view.region.name,
                scope=mapping.function_arn,
                about=f"stop the stream until the gate is open: {live[arn].words}",
                patch={"Enabled": False},
            )
