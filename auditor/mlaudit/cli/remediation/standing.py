"""What stands of the reference pipeline already, as steps that a rehearsal deploys beforehand."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from mlaudit.cli.deployed import Deployed
from mlaudit.remediate.bill import Bill
from mlaudit.remediate.fix import Disposition, Kind
from mlaudit.remediate.hands import Hands
from mlaudit.remediate.plan import Plan, StackChange, Step, Upload
from mlaudit.remediate.stacks import Found, Site
from mlaudit.remediate.stacks.uploads import INLINE
from mlaudit_reference.offers import files_of
from mlaudit_reference.templates.stacks import STACKS


@dataclass(frozen=True)
class Standing:
    """What stands.

    Attributes:
        steps: The steps that would have deployed it, in their order.
        files: The files that they name.
    """

    steps: tuple[Step, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


def standing(plan: Plan, hands: Hands) -> Standing:
    """What stands of the systems that a plan goes on with.

    Raises:
        RefusedError: AWS does not tell.
        MlauditError: A stack is of a manifest that this version does not understand.
    """
    steps: list[Step] = []
    files: dict[str, bytes] = {}
    for name, workload, region in _systems(plan):
        deployed = Deployed(name, workload, Site(region, hands.ask(region)))
        known = files_of(deployed.manifest) if deployed.manifest else {}
        files |= {f"standing/{name}/{file}": content for file, content in known.items()}
        for each in STACKS:
            if found := deployed.own.get(each.name):
                template = f"standing/{found.name}.yaml"
                files[template] = found.template.text.encode()
                uploads = tuple(_uploads(name, found.name, known))
                steps.append(_step(workload, _change(found, template, region, uploads)))
    return Standing(tuple(steps), files)


def _change(found: Found, template: str, region: str, uploads: tuple[Upload, ...]) -> StackChange:
    return StackChange(
        name=found.name,
        about="it stands already",
        region=region,
        template=template,
        from_export=_bucket(found) if len(found.template.text.encode()) > INLINE else None,
        parameters=found.parameters,
        capabilities=found.capabilities,
        tags=found.tags,
        uploads=uploads,
    )


def _bucket(found: Found) -> str:
    """The export that names the bucket of a system's artifacts."""
    short = next(each.name for each in STACKS if found.name.endswith(f"-{each.name}"))
    return f"{found.name.removesuffix(f'-{short}')}-ArtifactBucketName"


def _uploads(system: str, stack: str, known: Mapping[str, bytes]) -> Iterator[Upload]:
    """What was uploaded after a stack."""
    index = json.loads(known.get("stacks.json", b'{"uploads": []}'))
    for each in index["uploads"]:
        if each["after"] == stack:
            file = f"standing/{system}/{each['file']}"
            yield Upload(each["bucket_from_export"], each["key"], file)


def _step(workload: str, change: StackChange) -> Step:
    return Step(
        id=change.name,
        fix="standing",
        kind=Kind.CAPABILITY,
        title=change.about,
        workload=workload,
        items=(),
        disposition=Disposition.SAFE,
        risk="",
        back="",
        not_proven="",
        exercise="",
        effort=0,
        bill=Bill(),
        stack=change,
    )


def _systems(plan: Plan) -> Iterator[tuple[str, str, str]]:
    """The name, the workload and the region of each system that stacks of a plan are of."""
    seen = set()
    for step in plan.steps:
        if step.stack is None:
            continue
        for each in STACKS:
            system = step.stack.name.removesuffix(f"-{each.name}")
            told = (system, step.workload, step.stack.region)
            if system != step.stack.name and told not in seen:
                seen.add(told)
                yield told
                break
