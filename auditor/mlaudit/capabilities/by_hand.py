"""What people can start by one command."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from mlaudit.capabilities import provider
from mlaudit.capabilities.delivery import deliveries
from mlaudit.capabilities.workflows import definitions
from mlaudit.evidence import Evidence
from mlaudit.model import Gap
from mlaudit.sight import View

BY_COMMAND = "StartPipelineExecution"
"""What an execution tells that was started by a command or a click, not by an event."""


@dataclass(frozen=True, slots=True)
class HandStart:
    """A delivery pipeline that can be started by one command.

    Attributes:
        arn: It.
        words: It in words.
        succeeded_at: When it last ended with success in the window after such a start.
    """

    arn: str
    words: str
    succeeded_at: datetime | None


@provider
def hand_starts(view: View) -> Evidence[HandStart]:
    """The delivery pipelines; who started a workflow by hand is not kept, so each is a gap."""
    delivered, flows = view.once(deliveries), definitions(view)
    items = (
        HandStart(
            arn=each.pipeline.arn,
            words=each.words,
            succeeded_at=max(
                (run.ended_at for run in each.runs if run.trigger == BY_COMMAND), default=None
            ),
        )
        for each in delivered.items
    )
    operation, region = "cloudtrail:LookupEvents", view.region.name
    unread = (Gap.unread(operation, region, "StarterNotKnown", flow.arn) for flow in flows.items)
    gaps = (*delivered.gaps, *flows.gaps, *unread)
    return Evidence(tuple(items), tuple(dict.fromkeys(gaps)))
