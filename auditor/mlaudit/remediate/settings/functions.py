"""What feeds functions of Lambda: event sources that are switched on or off.

They are neither made nor deleted here. Source: ``lambda:UpdateEventSourceMapping``.
"""

from __future__ import annotations

from mlaudit.collect.operation import Operation
from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Ask, Call, Key, State
from mlaudit.remediate.setting import Setting
from mlaudit.remediate.settings.arns import arn_of
from mlaudit.remediate.settings.asking import found

_GET = Operation("lambda", "GetEventSourceMapping")
_UPDATE = Operation("lambda", "UpdateEventSourceMapping")

_OFF = frozenset({"Disabled", "Disabling"})
_GOING = "Deleting"
_AT_REST = frozenset({"Enabled", "Disabled"})


def _read(key: Key, ask: Ask) -> State:
    mapping = found(ask, _GET, UUID=key["UUID"])
    if mapping is None or mapping["State"] == _GOING:
        return None
    return {"Enabled": mapping["State"] not in _OFF}


def _calls(key: Key, _before: State, after: State) -> list[Call]:
    if after is None:
        raise MlauditError(f"The event source {key['UUID']} is never deleted.")
    return [Call("lambda", _UPDATE.name, {**key, "Enabled": after["Enabled"]})]


def _is_settled(key: Key, ask: Ask) -> bool:
    mapping = found(ask, _GET, UUID=key["UUID"])
    return mapping is None or mapping["State"] in _AT_REST


def _arn(key: Key, account: str, region: str) -> str:
    return arn_of("lambda", region, account, f"event-source-mapping:{key['UUID']}")


EVENT_SOURCE = Setting(
    name="lambda.event-source",
    title="event source",
    reads=(_GET,),
    writes=(_UPDATE,),
    read=_read,
    calls=_calls,
    arn=_arn,
    is_settled=_is_settled,
)
