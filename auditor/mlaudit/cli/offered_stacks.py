"""The stacks of the reference pipeline as steps of a plan: what each does, waits for and costs."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, fields, replace

from mlaudit.cli.deployed import Deployed, is_same, template_of
from mlaudit.cli.offered_values import LOGS_OF_APIS, Values
from mlaudit.remediate.bill import Amount, Bill
from mlaudit.remediate.fix import Disposition, Kind
from mlaudit.remediate.plan import StackChange, Step, Upload
from mlaudit.remediate.template_prices import bill_of_template
from mlaudit_reference.capabilities import OF_ALL_DATA, of_what_serves
from mlaudit_reference.offers import Aim, Part, System, exercise, parts_of

_API, _EXPIRY, _TRAINING = "serving-api", "expiry", "training"
_STARTS = "retrain-on-"
"""What the ids of the capabilities begin with that start training on their own."""

_NOBODY = "an address that hears of alarms and answers for the system: name it by --notify"
_EXAMPLE = (
    "Its label, columns and thresholds are those of an example: replace them by your own, in a "
    "manifest that you give by --manifest, before the pipeline runs."
)
_NEW_BACK = (
    "Undo deletes the stack. Data, logs and versions that it holds by then go only if you ask for "
    "that."
)
_OLD_BACK = "Undo gives the stack the template and the parameters back that it has now."
_NOT_PROVEN = "That it is deployed completes none of these items: it has to be used."


@dataclass(frozen=True)
class Proposal:
    """What would be done.

    Attributes:
        steps: The steps, in their order.
        files: The contents that they name.
    """

    steps: tuple[Step, ...]
    files: Mapping[str, bytes]


@dataclass(frozen=True)
class Proposer:
    """Makes the steps for one workload.

    Attributes:
        values: What is known of the parameters.
        files: The files of the system by the names that its parts know them by.
        aim: What the system is for, and what passes now.
        is_example: Whether its columns are those of an example.
        knows_owner: Whether somebody answers for it.
    """

    values: Values
    files: Mapping[str, bytes]
    aim: Aim
    is_example: bool
    knows_owner: bool

    def proposed(self, system: System) -> Proposal:
        """The steps for what of a system is not as it should be."""
        parts = parts_of(system, self.files)
        differing = {each.name for each in parts if not self._is_there(each)}
        if differing and self._lacks_uploads(parts):
            differing |= {each.name for each in parts if each.uploads}
        chosen = [each for each in parts if each.name in differing]
        steps: dict[str, Step] = {}
        for part in chosen:
            needed = [name for name in part.needs if name in steps]
            held = [name for name in needed if steps[name].waits]
            step = self._step(part, self._side_effects(part, system))
            after = tuple(steps[name].fix for name in needed)
            steps[part.name] = replace(step, waits=self._waits(part, held), after=after)
        return Proposal(tuple(steps.values()), dict(self._named(chosen)))

    @property
    def _deployed(self) -> Deployed:
        return self.values.deployed

    @property
    def _folder(self) -> str:
        """What the names of files begin with: several systems fit into one plan."""
        return f"{self._deployed.name}/{self.values.workload.region}/"

    def _is_there(self, part: Part) -> bool:
        found = self._deployed.stacks.get(part.stack)
        return found is not None and found.is_settled and is_same(self.files[part.file], found)

    def _lacks_uploads(self, parts: Iterable[Part]) -> bool:
        """Whether no stack that is there names what is uploaded: its key tells its content."""
        texts = [json.dumps(each.template.content) for each in self._deployed.stacks.values()]
        folders = {upload.key.rpartition("/")[0] + "/" for part in parts for upload in part.uploads}
        return not all(any(folder in text for text in texts) for folder in folders)

    def _waits(self, part: Part, held: Iterable[str]) -> str:
        reasons = [] if self.knows_owner else [_NOBODY]
        found = self._deployed.stacks.get(part.stack)
        if found is not None and not found.is_settled:
            reasons.append(f"the stack {part.name} to be whole again: it is in {found.status}")
        reasons += self.values.lacks(part)
        return "; ".join(reasons or [f"the stack {each}, which waits itself" for each in held])

    def _side_effects(self, part: Part, system: System) -> tuple[str, ...]:
        """What a new stack does to items that pass now, in words."""
        if not self._is_new(part):
            return ()
        serves = any(each.is_endpoint for each in part.on)
        judged = of_what_serves() if serves else frozenset[str]()
        judged |= OF_ALL_DATA if part.stack == _TRAINING else frozenset()
        lost = self.aim.lost(system) & judged
        shaken = (self.aim.shaken(system) & judged | part.items & self.aim.held) - lost
        return tuple(
            f"{when}, items that pass now may not: {', '.join(sorted(items))}."
            for when, items in (("As long as it is there", lost), ("Until it was used", shaken))
            if items
        )

    def _is_new(self, part: Part) -> bool:
        return part.stack not in self._deployed.stacks

    def _step(self, part: Part, side_effects: tuple[str, ...]) -> Step:
        is_new, items = self._is_new(part), part.items & self.aim.wanted
        return Step(
            id="",
            fix=f"reference-{part.stack}",
            kind=Kind.CAPABILITY,
            title=f"{'Deploy' if is_new else 'Bring up to date'} the stack {part.name}",
            workload=self.values.workload.name,
            items=tuple(sorted(items)),
            disposition=self._disposition(part, side_effects),
            risk=" ".join((*self._risks(part), *side_effects)),
            back=_NEW_BACK if is_new else _OLD_BACK,
            not_proven=_NOT_PROVEN if items else "",
            exercise=self._exercise(part, items),
            effort=part.effort,
            bill=self._bill(part),
            stack=self._change(part),
        )

    def _exercise(self, part: Part, items: frozenset[str]) -> str:
        """What has to happen, also to what the workload has already."""
        told = [exercise(part.on, items)]
        judged = sorted(items if part.stack == _TRAINING else items & of_what_serves())
        if judged and self._has_others():
            told.append(
                f"for {', '.join(judged)}: what else trains and serves in the workload has it too, "
                "or was replaced by this system"
            )
        return "; ".join(each for each in told if each)

    def _has_others(self) -> bool:
        """Whether the workload has endpoints or pipelines beside those of the system."""
        own = f"/{self._deployed.name}-"
        arns = [each.lower() for each in self.values.workload.members]
        kinds = (":endpoint/", ":pipeline/")
        return any(kind in each and own not in each for each in arns for kind in kinds)

    def _disposition(self, part: Part, side_effects: tuple[str, ...]) -> Disposition:
        acts = part.stack in {_API, _EXPIRY} or any(_starts(part)) or part.gate is not None
        is_safe = self._is_new(part) and not acts and not side_effects
        return Disposition.SAFE if is_safe else Disposition.NEEDS_REVIEW

    def _risks(self, part: Part) -> Iterator[str]:
        if self._is_new(part):
            yield "It makes new resources beside what is there, and changes none of that."
        else:
            yield "It changes a stack that is in use; what fails is rolled back."
        if part.stack == _API:
            yield "It opens an API to whoever is allowed to call it, over the internet."
        if self.values.of(part).get(LOGS_OF_APIS) == "set":
            yield "It sets the role by which API Gateway logs, for the whole account: none is set."
        if any(_starts(part)):
            yield "It starts training on its own, and each run costs what a run costs."
        if part.stack == _EXPIRY:
            yield "When the time has run out it deletes all stacks of the system, with their data."
        if part.gate is not None and (gate := self.values.gate(part.gate)).decision:
            told = f"by {gate.reason}: the gate itself is not open" if gate.reason else "as open"
            yield f"The {part.gate} gate lets it through {told}."
        if part.stack == _TRAINING and self.is_example:
            yield _EXAMPLE

    def _change(self, part: Part) -> StackChange:
        return StackChange(
            name=part.name,
            about=part.about,
            region=self.values.workload.region,
            template=self._folder + part.file,
            from_export=part.from_export,
            parameters=self.values.of(part),
            capabilities=part.capabilities,
            tags=part.tags,
            uploads=tuple(
                Upload(each.bucket_from_export, each.key, self._folder + each.file)
                for each in part.uploads
            ),
        )

    def _bill(self, part: Part) -> Bill:
        bill = bill_of_template(template_of(self.files[part.file]), self.values.of(part))
        found = self._deployed.stacks.get(part.stack)
        if found is None:
            return bill
        return _less(bill, bill_of_template(template_of(found.template.text), found.parameters))

    def _named(self, parts: Iterable[Part]) -> Iterator[tuple[str, bytes]]:
        for part in parts:
            for name in (part.file, *(each.file for each in part.uploads)):
                yield self._folder + name, self.files[name]
            if part.gate is not None and (decision := self.values.gate(part.gate).decision):
                yield f"{self._folder}decision-{part.gate}.json", decision


def _starts(part: Part) -> Iterator[bool]:
    return (each.id.startswith(_STARTS) for each in part.on)


def _less(bill: Bill, before: Bill) -> Bill:
    """What a bill adds to another one."""
    return Bill(**{
        each.name: _added(getattr(bill, each.name), getattr(before, each.name))
        for each in fields(bill)
    })  # fmt: skip


def _added(amount: Amount, before: Amount) -> Amount:
    """What an amount has more; what has no known price in both may be more or less of it."""
    return Amount(amount.usd - before.usd, amount.unknown, amount.unverified)
