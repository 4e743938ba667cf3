"""From an audit to a plan: which fix for which item, in which order, and what is left to people.

Pure: the same audit, snapshot and wish give the same plan. What is there now is looked at later.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import cached_property

from mlaudit.audit import Audit, ItemResult, WorkloadAudit
from mlaudit.judge import Settings
from mlaudit.model import FOR_A_PERSON, Status
from mlaudit.remediate.bill import Bill, total
from mlaudit.remediate.change import Change
from mlaudit.remediate.fix import Choices, Disposition, Fix, Kind, Sight, results_of
from mlaudit.remediate.goal import Goal, chosen, of_platform, wanted
from mlaudit.remediate.plan import SCHEMA_VERSION, ForAPerson, Plan, Promise, Step
from mlaudit.sight import Region, View
from mlaudit.snapshot import Snapshot
from mlaudit.workloads import views_of

EVERY_WORKLOAD = "*"
USUAL = frozenset({Disposition.SAFE, Disposition.NEEDS_REVIEW})
"""What is planned unless more is asked for."""


@dataclass(frozen=True)
class Offer:
    """What the reference pipeline, and files for repositories, have for a workload.

    Attributes:
        steps: What would be done, in its order.
        people: What they cannot do.
        files: The contents that the steps name.
    """

    steps: tuple[Step, ...] = ()
    people: tuple[ForAPerson, ...] = ()
    files: Mapping[str, bytes] = field(default_factory=dict)


Offers = Callable[[WorkloadAudit, frozenset[str]], Offer]
"""What is offered for a workload and the ids of items that are wanted for it."""


@dataclass(frozen=True)
class Wish:
    """What a user asks for.

    Attributes:
        goal: What is to be reached.
        choices: What the user decides beside it.
        dispositions: How much care the fixes may ask for.
    """

    goal: Goal
    choices: Choices = field(default_factory=Choices)
    dispositions: frozenset[Disposition] = USUAL


@dataclass(frozen=True)
class Means:
    """What there is to plan with.

    Attributes:
        fixes: The fixes by settings.
        people: Why no tool completes an item, by its id.
        price: What a change of a fix adds to the bill.
        offers: What else can be deployed or written.
    """

    fixes: tuple[Fix, ...]
    people: Mapping[str, str]
    price: Callable[[Change, Sight], Bill]
    offers: Offers = lambda _workload, _items: Offer()


@dataclass(frozen=True)
class Planner:
    """Plans for one audit.

    Attributes:
        audit: What was concluded.
        snapshot: What it was concluded from.
        settings: How the snapshot was judged.
        wish: What is asked for.
        means: What there is to plan with.
    """

    audit: Audit
    snapshot: Snapshot
    settings: Settings
    wish: Wish
    means: Means

    def plan(self) -> Plan:
        """Make the plan.

        Raises:
            MlauditError: The goal names what is not there.
        """
        workloads = chosen(self.wish.goal, self.audit)
        lacking = {
            (each.name, each.region): wanted(self.wish.goal, self.audit, each) for each in workloads
        }
        blocks = [*self._platform(workloads, lacking), *self._own(workloads, lacking)]
        offers = self._offered(workloads, lacking, blocks)
        blocks += [each.steps for each in offers if each.steps]
        steps = numbered(ordered(blocks))
        return Plan(
            schema_version=SCHEMA_VERSION,
            tool_version=self.audit.tool_version,
            account=self.audit.account,
            regions=self.audit.regions,
            scanned_at=self.audit.started_at,
            goal=self.wish.goal,
            workloads=tuple(sorted({each.name for each in workloads})),
            steps=steps,
            people=tuple(self._people(workloads, lacking, steps, offers)),
            promises=tuple(_promises(workloads, lacking, steps)),
            files={name: text for each in offers for name, text in each.files.items()},
        )

    def _offered(
        self, workloads: Iterable[WorkloadAudit], lacking: _Lacking, blocks: Iterable[_Block]
    ) -> list[Offer]:
        """What is offered for the items that no setting of what is there helps.

        Something new is deployed only where what is there cannot be mended. What settings leave
        open is seen after them, and offered by the next plan.
        """
        helped = {(each.workload, id_) for block in blocks for each in block for id_ in each.items}
        found = []
        for each in workloads:
            items = lacking[each.name, each.region].keys()
            mended = {id_ for whose, id_ in helped if whose in {each.name, EVERY_WORKLOAD}}
            found.append(self.means.offers(each, frozenset(items - mended)))
        return found

    def _own(self, workloads: Iterable[WorkloadAudit], lacking: _Lacking) -> Iterator[_Block]:
        """The settings of each workload, a block for each fix."""
        for each in workloads:
            view = self._views[each.name, each.region]
            sight = Sight(view, results_of(each), self.audit.account, self.wish.choices)
            items = lacking[each.name, each.region].keys() - of_platform(each)
            yield from self._fixed(sight, items, platform=False)

    def _platform(self, workloads: Iterable[WorkloadAudit], lacking: _Lacking) -> Iterator[_Block]:
        """The settings of each region that its workloads share."""
        for name in self.audit.regions:
            here = [each for each in workloads if each.region == name]
            items = {
                id_ for each in here for id_ in lacking[each.name, name] if id_ in of_platform(each)
            }
            if not items:
                continue
            results = {
                each.item.id: each.item for each in self.audit.platform.items if each.region == name
            }
            view = View(self._regions[name], None)
            sight = Sight(view, results, self.audit.account, self.wish.choices)
            yield from self._fixed(sight, items, platform=True)

    def _fixed(self, sight: Sight, items: Iterable[str], *, platform: bool) -> Iterator[_Block]:
        open_ = set(items)
        for fix in self.means.fixes:
            helped = tuple(id_ for id_ in fix.items if id_ in open_)
            allowed = fix.disposition in self.wish.dispositions
            if fix.platform is not platform or not helped or not allowed:
                continue
            if changes := tuple(fix.plan(sight)):
                bill = total(self.means.price(each, sight) for each in changes)
                yield (_step(fix, sight.workload, helped, changes, bill),)

    @cached_property
    def _regions(self) -> Mapping[str, Region]:
        return {name: Region(self.snapshot, name) for name in self.snapshot.scope.regions}

    @cached_property
    def _views(self) -> Mapping[tuple[str, str], View]:
        views: dict[tuple[str, str], View] = {}
        for name, region in self._regions.items():
            _, found = views_of(region, self.settings.tag_keys, self.settings.mapping)
            views |= {(each.workload or "", name): each for each in found}
        return views

    def _people(
        self,
        workloads: Iterable[WorkloadAudit],
        lacking: _Lacking,
        steps: Iterable[Step],
        offers: Iterable[Offer],
    ) -> Iterator[ForAPerson]:
        """What is wanted and no step turns, with the closest reason there is."""
        helped = {(each.workload, id_) for each in steps if _turns(each) for id_ in each.items}
        told = {(each.workload, each.item): each for offer in offers for each in offer.people}
        texts = {each.id: each for each in self.audit.catalogue}
        shared: set[tuple[str, str]] = set()
        for workload in workloads:
            for id_, item in lacking[workload.name, workload.region].items():
                whose = EVERY_WORKLOAD if id_ in of_platform(workload) else workload.name
                if {(whose, id_), (workload.name, id_)} & helped or (whose, id_) in shared:
                    continue
                shared |= {(whose, id_)} if whose == EVERY_WORKLOAD else set()
                offered = told.get((workload.name, id_))
                why = self.means.people.get(id_) or (offered.why if offered else _NO_FIX)
                yield ForAPerson(id_, whose, why, texts[id_].next_step, can_be_attested(item))


_Block = tuple[Step, ...]
_Lacking = Mapping[tuple[str, str], Mapping[str, ItemResult]]
_NO_FIX = "No fix of this tool applies to what is there."


def can_be_attested(item: ItemResult) -> bool:
    """Whether a person's word would complete an item: nothing that could tell was missed."""
    unseen = {each.reason for each in item.gaps}
    return item.status is Status.NOT_ASSESSED and bool(unseen) and unseen <= FOR_A_PERSON


def ordered(blocks: Iterable[_Block]) -> tuple[Step, ...]:
    """The steps in the order of items gained for minutes of effort and dollars a month.

    What ends something comes last, what waits after what does not. The steps of one block rest on
    each other and stay together in their order, and a fix comes after those it builds on.
    """
    ranked = sorted(blocks, key=_rank)
    placed: list[_Block] = []
    while ranked:
        left = {(each.workload, each.fix) for block in ranked for each in block}
        ready = next(
            (block for block in ranked if not _builds_on(block) & (left - _own(block))), ranked[0]
        )
        ranked.remove(ready)
        placed.append(ready)
    return tuple(step for block in placed for step in block)


def _own(block: _Block) -> set[tuple[str, str]]:
    return {(each.workload, each.fix) for each in block}


def _builds_on(block: _Block) -> set[tuple[str, str]]:
    return {(each.workload, other) for each in block for other in each.after}


def _rank(block: _Block) -> tuple[bool, bool, bool, float]:
    ends = any(each.disposition is Disposition.DISRUPTIVE for each in block)
    waits = all(bool(each.waits) for each in block)
    bill = total(each.bill for each in block)
    items = {(each.workload, id_) for each in block for id_ in each.items}
    cost = sum(each.effort for each in block) + bill.idle.usd
    return ends, waits, not bill.idle.is_known, -len(items) / max(cost, 1.0)


def numbered(steps: Iterable[Step]) -> tuple[Step, ...]:
    """The steps with their numbers as ids."""
    return tuple(replace(each, id=f"{place:02}") for place, each in enumerate(steps, start=1))


def _step(
    fix: Fix, workload: str, items: tuple[str, ...], changes: tuple[Change, ...], bill: Bill
) -> Step:
    return Step(
        id="",
        fix=fix.id,
        kind=Kind.SETTING,
        title=fix.title,
        workload=workload,
        items=items,
        disposition=fix.disposition,
        risk=fix.risk,
        back=fix.back,
        not_proven=fix.not_proven,
        exercise=fix.exercise,
        effort=fix.effort,
        bill=bill,
        changes=changes,
        after=fix.after,
    )


def _turns(step: Step) -> bool:
    """Whether a step can complete an item: a file proves nothing until people have worked on it."""
    return step.kind is not Kind.FILES


def _promises(
    workloads: Iterable[WorkloadAudit], lacking: _Lacking, steps: Iterable[Step]
) -> Iterator[Promise]:
    ready = [each for each in steps if not each.waits and _turns(each)]
    for workload in workloads:
        for id_, item in lacking[workload.name, workload.region].items():
            whose = {workload.name, EVERY_WORKLOAD}
            helping = [each for each in ready if each.workload in whose and id_ in each.items]
            if helping:
                used = any(each.kind is Kind.CAPABILITY for each in helping)
                yield Promise(id_, workload.name, item.status.value, None, used)
