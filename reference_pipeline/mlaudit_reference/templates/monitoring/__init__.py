"""The stack that watches: drift jobs, alarms on what they measure, logs, traces and the dashboard.

No service that is closed to new customers has a part in it (Model Monitor, Clarify, Debugger): the
jobs run the code of the containers on a schedule, and alarms judge. Guide items 3.6, 3.9, 6.1-6.6,
6.anomalies, 6.traffic and 6.notification. Mail reaches nobody before each address has confirmed its
subscription: ``aws sns list-subscriptions-by-topic`` shows ``PendingConfirmation`` until then.
"""

from __future__ import annotations

from mlaudit_reference.definitions import images
from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates import events
from mlaudit_reference.templates.language import Content, Stack
from mlaudit_reference.templates.monitoring import alarms, dashboard, jobs, logs


def _content(manifest: Manifest) -> Content:
    common = {
        **logs.resources(manifest),
        **logs.tracing(manifest),
        **dashboard.resources(manifest),
    }
    if not jobs.recorded(manifest):
        return Content(common)
    resources = {
        **common,
        **events.dead_letters(manifest),
        **jobs.resources(manifest),
        **alarms.resources(manifest),
    }
    return Content(
        resources,
        parameters=jobs.parameters(),
        mappings={"Registries": images.accounts()} if images.owner(manifest) else {},
    )


STACK = Stack(
    name="monitoring",
    about="Looks for drift, raises alarms, and shows models and machines on a dashboard.",
    wanted=lambda _: True,
    content=_content,
)
