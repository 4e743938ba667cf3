"""Every kind of setting that can be read and written, by its name."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from mlaudit.remediate.change import Call, Key, State
from mlaudit.remediate.setting import Setting
from mlaudit.remediate.settings.alarms import ALARM, DASHBOARD
from mlaudit.remediate.settings.buckets import ENCRYPTION, PUBLIC_ACCESS, VERSIONING
from mlaudit.remediate.settings.functions import EVENT_SOURCE
from mlaudit.remediate.settings.images import REPOSITORY
from mlaudit.remediate.settings.lineage import ASSOCIATION
from mlaudit.remediate.settings.logs import LOG_GROUP
from mlaudit.remediate.settings.scaling import SCALING_POLICY, SCALING_TARGET
from mlaudit.remediate.settings.serving import ENDPOINT, ENDPOINT_CONFIG
from mlaudit.remediate.settings.tags import TAGS
from mlaudit.remediate.settings.topics import SUBSCRIPTION, TOPIC

_ALL = (
    ALARM,
    ASSOCIATION,
    DASHBOARD,
    ENCRYPTION,
    ENDPOINT,
    ENDPOINT_CONFIG,
    EVENT_SOURCE,
    LOG_GROUP,
    PUBLIC_ACCESS,
    REPOSITORY,
    SCALING_POLICY,
    SCALING_TARGET,
    SUBSCRIPTION,
    TAGS,
    TOPIC,
    VERSIONING,
)


def _sparing(setting: Setting) -> Setting:
    """The same setting, which makes no call where the two states are the same thing."""

    def calls(key: Key, before: State, after: State) -> Sequence[Call]:
        return () if setting.are_equal(before, after) else setting.calls(key, before, after)

    return replace(setting, calls=calls)


SETTINGS: Mapping[str, Setting] = {each.name: _sparing(each) for each in _ALL}
