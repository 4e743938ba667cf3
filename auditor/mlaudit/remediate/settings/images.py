"""Repositories of ECR: whether a tag can move, and whether images are scanned when they are pushed.

Repositories are neither made nor deleted here. Source: ``ecr:PutImageTagMutability`` and
``PutImageScanningConfiguration``.
"""

from __future__ import annotations

from collections.abc import Iterator

from mlaudit.collect.images import LIST_REPOSITORIES
from mlaudit.collect.operation import Operation
from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Ask, Call, Document, Key, State
from mlaudit.remediate.setting import Setting
from mlaudit.remediate.settings.arns import arn_of
from mlaudit.remediate.settings.asking import found
from mlaudit.remediate.settings.states import kept

_PUT_MUTABILITY = Operation("ecr", "PutImageTagMutability")
_PUT_SCANNING = Operation("ecr", "PutImageScanningConfiguration")

MUTABILITY_MEMBERS = ("imageTagMutability", "imageTagMutabilityExclusionFilters")
"""What ``PutImageTagMutability`` writes: which tags are excepted goes with the rest."""
_SCAN = "scanOnPush"


def _read(key: Key, ask: Ask) -> State:
    reply = found(
        ask,
        LIST_REPOSITORIES,
        "RepositoryNotFoundException",
        repositoryNames=[key["repositoryName"]],
    )
    if reply is None:
        return None
    (repository,) = reply["repositories"]
    scanning = repository.get("imageScanningConfiguration") or {}
    return {**kept(repository, MUTABILITY_MEMBERS), _SCAN: bool(scanning.get(_SCAN))}


def _calls(key: Key, before: State, after: State) -> list[Call]:
    if after is None:
        raise MlauditError(f"The repository {key['repositoryName']} is never deleted.")
    return [*_mutability(key, before or {}, after), *_scanning(key, before or {}, after)]


def _mutability(key: Key, before: Document, after: Document) -> Iterator[Call]:
    wanted = kept(after, MUTABILITY_MEMBERS)
    if wanted and wanted != kept(before, MUTABILITY_MEMBERS):
        yield Call("ecr", _PUT_MUTABILITY.name, {**key, **wanted})


def _scanning(key: Key, before: Document, after: Document) -> Iterator[Call]:
    if _SCAN in after and before.get(_SCAN) != after[_SCAN]:
        scanning = {"imageScanningConfiguration": {_SCAN: after[_SCAN]}}
        yield Call("ecr", _PUT_SCANNING.name, {**key, **scanning})


def _arn(key: Key, account: str, region: str) -> str:
    return arn_of("ecr", region, account, f"repository/{key['repositoryName']}")


REPOSITORY = Setting(
    name="ecr.repository",
    title="image repository",
    reads=(LIST_REPOSITORIES,),
    writes=(_PUT_MUTABILITY, _PUT_SCANNING),
    read=_read,
    calls=_calls,
    arn=_arn,
)
