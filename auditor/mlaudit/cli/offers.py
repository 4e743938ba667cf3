"""What the reference pipeline offers a workload that lacks items, as steps of a plan.

A system is deployed beside the workload, stack by stack, and belongs to it by its tags. A stack
that is there and is as it should be is no step. What serves waits for a version that a person has
approved, and what has a gate waits for that to open.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path
from typing import Any

from mlaudit.audit import Audit, WorkloadAudit
from mlaudit.cli.compiling import document_of
from mlaudit.cli.deployed import Deployed, own_pipeline
from mlaudit.cli.offered_stacks import Proposal, Proposer
from mlaudit.cli.offered_values import Asked, Values
from mlaudit.model import Status
from mlaudit.remediate.change import Ask, RefusedError
from mlaudit.remediate.fix import results_of
from mlaudit.remediate.plan import ForAPerson
from mlaudit.remediate.planning import Offer, can_be_attested
from mlaudit.remediate.stacks.site import Site
from mlaudit.thresholds import Target
from mlaudit_reference.offers import (
    Aim,
    Draft,
    Person,
    System,
    choose,
    derived,
    exercise,
    files_of,
    grown_from,
    is_name,
    name_for,
    taken,
    unreachable,
)

_OWN = (
    "This workload is a system of the reference pipeline: turn on what is missing in its manifest, "
    "and give that by --manifest."
)
_FOR_PRODUCTION = frozenset({Target.REALTIME, Target.STREAMING})


@dataclass(frozen=True)
class Request:
    """What is asked for, of all workloads alike.

    Attributes:
        audit: What was concluded.
        ask: Makes calls in a region; ``mlaudit.cli.deployed.READS`` is all it is asked.
        person: What the user says.
        asked: What the user says of deploying.
        target: The gate that is to open.
        manifest: The user's own manifest; ``None`` derives one.
    """

    audit: Audit
    ask: Callable[[str], Ask]
    person: Person
    asked: Asked
    target: Target | None = None
    manifest: Path | None = None


def offered(request: Request, workload: WorkloadAudit, wanted: frozenset[str]) -> Offer:
    """What the reference pipeline offers a workload.

    Args:
        request: What is asked for.
        workload: The workload.
        wanted: The ids of the items that are to pass.

    Raises:
        MlauditError: The manifest cannot be used.
    """
    if not wanted:
        return Offer()
    offering = _Offering(request, workload, wanted)
    try:
        return offering.offer()
    except RefusedError as error:
        return offering.without(f"What is deployed already could not be seen: {error}")


@dataclass(frozen=True)
class _Offering:
    """What is offered to one workload."""

    request: Request
    workload: WorkloadAudit
    wanted: frozenset[str]

    def offer(self) -> Offer:
        """The steps, what they cannot do, and their files."""
        if why := self._why_nothing():
            return self.without(why)
        system = choose(self._draft, self._aim)
        if system is None:
            return Offer(people=tuple(self._people(None, frozenset())))
        proposal = self._proposed(system)
        helped = frozenset(item for step in proposal.steps for item in step.items)
        return Offer(proposal.steps, tuple(self._people(system, helped)), proposal.files)

    def without(self, why: str) -> Offer:
        """Nothing, for a reason."""
        return Offer(people=tuple(self._for_a_person(item, why) for item in sorted(self.wanted)))

    @cached_property
    def _site(self) -> Site:
        region = self.workload.region
        return Site(region, self.request.ask(region))

    @cached_property
    def _document(self) -> Mapping[str, Any] | None:
        return document_of(self.request.manifest) if self.request.manifest else None

    @cached_property
    def _deployed(self) -> Deployed:
        document = self._document
        name = str(document["name"]) if document else name_for(self.workload.name)
        return Deployed(name, self.workload.name, self._site)

    @cached_property
    def _draft(self) -> Draft:
        person, workload = self.request.person, self.workload.name
        there = self._deployed.manifest
        if self._document is not None:
            return taken(self._document, workload, person, there)
        if there is not None:
            return grown_from(there, person)
        return derived(workload, person, production=self.request.target in _FOR_PRODUCTION)

    @cached_property
    def _aim(self) -> Aim:
        held = (each.id for each in self.workload.items if each.status is Status.PASS)
        return Aim(self.wanted, frozenset(held), self._kept)

    @cached_property
    def _kept(self) -> frozenset[str]:
        guard = {"guard"} if self.request.person.monthly_usd is not None else set[str]()
        return frozenset({*self._deployed.own, *guard})

    def _why_nothing(self) -> str:
        """Why nothing can be offered at all; empty where something may be."""
        name, document = self.workload.name, self._document
        if document is None:
            return _OWN if is_name(name) and own_pipeline(name, self._site) else ""
        others = {each.name for each in self.request.audit.workloads}
        meant = document.get("workload") or document["name"]
        if meant == name or (document.get("workload") is None and others == {name}):
            return ""
        return f"The manifest {self.request.manifest} is for the workload {meant}."

    def _proposed(self, system: System) -> Proposal:
        files, is_own = files_of(system.manifest), self._document is not None
        values = Values(
            self.request.audit,
            self.workload,
            self._deployed,
            self.request.asked,
            system.manifest.budget.ttl_days,
        )
        told = is_own or self._deployed.manifest is not None or bool(self.request.person.notify)
        proposer = Proposer(values, files, self._aim, is_example=not is_own, knows_owner=told)
        return proposer.proposed(system)

    def _people(self, system: System | None, helped: frozenset[str]) -> Iterator[ForAPerson]:
        """What is wanted and no step helps: out of reach, or deployed and not used."""
        reasons = unreachable(self.wanted, system)
        for item in sorted(self.wanted - helped):
            if item in reasons or system is None:
                yield self._for_a_person(item, reasons[item])
            else:
                use = exercise(system.on, (item,))
                yield self._for_a_person(item, f"What it takes is deployed; it lacks use: {use}.")

    def _for_a_person(self, item: str, why: str) -> ForAPerson:
        texts = {each.id: each for each in self.request.audit.catalogue}
        result = results_of(self.workload)[item]
        what = texts[item].next_step
        return ForAPerson(item, self.workload.name, why, what, can_be_attested(result))
