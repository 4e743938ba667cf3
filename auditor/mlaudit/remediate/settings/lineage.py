"""Lineage of SageMaker: what is associated with what. Source: ``sagemaker:AddAssociation``."""

from __future__ import annotations

from mlaudit.collect.operation import Operation, lists
from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Ask, Call, Key, RefusedError, State
from mlaudit.remediate.setting import Setting
from mlaudit.remediate.settings.asking import listed, says_gone
from mlaudit.remediate.settings.states import kept

_LIST = lists("sagemaker", "ListAssociations", "AssociationSummaries")
_ADD = Operation("sagemaker", "AddAssociation")
_DELETE = Operation("sagemaker", "DeleteAssociation")

_TYPE = "AssociationType"


def _read(key: Key, ask: Ask) -> State:
    try:
        found = list(listed(ask, _LIST, **key))
    except RefusedError as refused:
        if says_gone(refused):  # one of the two is not there
            return None
        raise
    same = (each for each in found if all(each.get(name) == key[name] for name in key))
    association = next(same, None)
    return None if association is None else kept(association, [_TYPE])


def _calls(key: Key, before: State, after: State) -> list[Call]:
    if after is None:
        return [Call("sagemaker", _DELETE.name, key)]
    if before is not None:
        raise MlauditError(
            f"How {key['SourceArn']} is associated with {key['DestinationArn']} stays as it is."
        )
    return [Call("sagemaker", _ADD.name, {**key, **after})]


def _arn(key: Key, _account: str, _region: str) -> str:
    return key["SourceArn"]


ASSOCIATION = Setting(
    name="sagemaker.association",
    title="association in the lineage",
    reads=(_LIST,),
    writes=(_ADD, _DELETE),
    read=_read,
    calls=_calls,
    arn=_arn,
    defaults={_TYPE: "AssociatedWith"},
)
