"""May this version go where it is meant to go? One question, one answer, and what would change it.

Pure, and closed when in doubt: a question that the audit cannot answer is never answered with yes.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from mlaudit.audit import Audit, GateDecision, ItemResult, Outcome, WorkloadAudit
from mlaudit.catalog import Catalogue
from mlaudit.denials import MET, Denial, by_effort, of_version, of_workload
from mlaudit.gate import gate
from mlaudit.model import GapReason, Status
from mlaudit.score import is_complete
from mlaudit.thresholds import Rules, Target
from mlaudit.trend import is_worse
from mlaudit.versions import Candidate, Need, Requirement


@dataclass(frozen=True, slots=True)
class Question:
    """What is asked.

    Attributes:
        target: Where the candidate is meant to go.
        workload: The workload, by name; all that serves of it is the candidate.
        package: The version, by ARN.
        endpoint: The endpoint, by name; what serves on it is the candidate.
        region: Where it is, if names are not enough.
        account: The account it must be of.
        threshold: The percentage to ask for instead of the configured one.
    """

    target: Target
    workload: str | None = None
    package: str | None = None
    endpoint: str | None = None
    region: str | None = None
    account: str | None = None
    threshold: int | None = None

    @property
    def words(self) -> str:
        """What is asked about."""
        if self.package:
            return self.package.partition(":model-package/")[2] or self.package
        return f"endpoint {self.endpoint}" if self.endpoint else f"workload {self.workload}"


@dataclass(frozen=True, slots=True)
class Decision:
    """The answer.

    Attributes:
        question: What was asked.
        outcome: Open, closed, or not decidable from what could be seen.
        refusals: Why the audit does not answer the question; empty where it does.
        workload: The workload in question; empty without one.
        region: Where it is.
        candidates: What was asked about.
        gate: The arithmetic; ``None`` where the audit does not answer.
        denials: What is against it, the least effort first.
        short_by: How many more items must be complete.
        regressions: Ids of the items that became worse than in the baseline.
    """

    question: Question
    outcome: Outcome
    refusals: tuple[str, ...]
    workload: str = ""
    region: str = ""
    candidates: tuple[Candidate, ...] = ()
    gate: GateDecision | None = None
    denials: tuple[Denial, ...] = ()
    short_by: int = 0
    regressions: tuple[str, ...] | None = None


def refusals(
    audit: Audit, question: Question, catalogue: Catalogue, now: datetime, max_age: timedelta
) -> Iterator[str]:
    """Tell why an audit must not answer a question at all."""
    age = now - audit.started_at
    if age > max_age:
        yield f"The audit is {_hours(age)} old; at most {_hours(max_age)} are allowed. Scan again."
    if age < -timedelta(minutes=5):
        yield f"The audit is dated {audit.started_at:%Y-%m-%d %H:%M} UTC, which is to come."
    asked = question.account or (question.package or "::::").split(":")[4:5][0]
    if asked and asked != audit.account:
        yield f"The audit is of account {audit.account}, the question of account {asked}."
    if audit.catalogue_version != catalogue.version:
        yield (
            f"The audit was made by catalogue {audit.catalogue_version}, and this is "
            f"{catalogue.version}. Scan again."
        )
    crashed = {
        item.id
        for each in audit.workloads
        for item in each.items
        if any(gap.reason is GapReason.CRASHED for gap in item.gaps)
    }
    if crashed:
        yield f"The checks of {', '.join(sorted(crashed))} crashed."


def decide(audit: Audit, question: Question, catalogue: Catalogue, rules: Rules) -> Decision:
    """Answer a question from an audit that is fit to answer it."""
    found = [
        (each, chosen)
        for each in audit.workloads
        if question.region in (None, each.region)
        and (chosen := _chosen(each, question)) is not None
    ]
    if len(found) != 1:
        return _cannot(question, _not_one(found, question, audit))
    workload, chosen = found[0]
    if question.threshold is not None:
        percent = {**rules.percent, question.target: question.threshold}
        rules = replace(rules, percent=percent)
    counting = [each for each in workload.items if each.id != catalogue.streaming_item]
    counted = gate(counting, catalogue, rules, question.target)
    results = {each.id: each for each in workload.items}
    judged = [
        (one, _judged(each, results)) for one in chosen for each in _asked(one, question.target)
    ]
    against = [each for each in judged if each[1].status not in MET]
    denials = [*of_version(against, audit), *of_workload(counting, counted, catalogue, audit)]
    return Decision(
        question=question,
        outcome=_outcome(counted, [each for _, each in against], chosen),
        refusals=() if chosen else (f"Nothing is known to be {question.words}.",),
        workload=workload.name,
        region=workload.region,
        candidates=tuple(chosen),
        gate=counted,
        denials=tuple(sorted(denials, key=by_effort)),
        short_by=max(0, counted.needed - counted.complete),
    )


def no_worse(decision: Decision, audit: Audit, before: Audit, catalogue: Catalogue) -> Decision:
    """Decide by what became worse since a baseline alone; never before streaming.

    Losing sight of what was complete is worse.
    """
    then = [
        each
        for each in before.workloads
        if (each.name, each.region) == (decision.workload, decision.region)
    ]
    reasons = [*decision.refusals]
    if before.account != audit.account:
        reasons.append(f"The baseline is of account {before.account}.")
    if before.catalogue_version != catalogue.version:
        reasons.append(f"The baseline was made by catalogue {before.catalogue_version}.")
    if not then and decision.gate:
        reasons.append(f"The baseline knows no workload {decision.workload}.")
    if decision.question.target is Target.STREAMING:
        reasons.append("Streaming has no baseline mode: the guide asks for the whole share.")
    if reasons or decision.gate is None:
        return replace(decision, outcome=Outcome.CANNOT_DECIDE, refusals=tuple(reasons))
    now = next(
        each
        for each in audit.workloads
        if (each.name, each.region) == (decision.workload, decision.region)
    )
    worse = tuple(_worse(now, then[0]))
    outcome = Outcome.CLOSED if worse else Outcome.OPEN
    denials = tuple(each for each in decision.denials if each.need is None and each.item in worse)
    return replace(decision, outcome=outcome, denials=denials, regressions=worse, short_by=0)


def _worse(now: WorkloadAudit, then: WorkloadAudit) -> Iterator[str]:
    before = {each.id: each.status for each in then.items}
    for each in now.items:
        if each.id in before and is_worse(each.status, before[each.id]):
            yield each.id


def _chosen(workload: WorkloadAudit, question: Question) -> list[Candidate] | None:
    """What of a workload is asked about; ``None`` where nothing of it is."""
    if question.package:
        chosen = [each for each in workload.candidates if each.arn == question.package]
        return chosen or None
    if question.endpoint:
        end = f":endpoint/{question.endpoint}"
        if not any(arn.endswith(end) for arn in workload.members):
            return None
        return [each for each in workload.candidates if question.endpoint in each.serves]
    if workload.name != question.workload:
        return None
    return [each for each in workload.candidates if each.serves] or list(workload.candidates[:1])


def _not_one(
    found: list[tuple[WorkloadAudit, list[Candidate]]], question: Question, audit: Audit
) -> str:
    if found:
        places = ", ".join(sorted(each.region for each, _ in found))
        return f"There is more than one {question.words}: in {places}. Name one with --region."
    where = f"{question.region} of the audit" if question.region else "the audit"
    names = ", ".join(sorted({each.name for each in audit.workloads})[:10])
    known = f" It knows the workloads {names}." if names else " It knows no workload."
    hint = (
        " It tells of what serves and of the newest versions of each workload."
        if question.package
        else known
    )
    return f"There is no {question.words} in {where}.{hint}"


def _cannot(question: Question, *reasons: str) -> Decision:
    return Decision(question, Outcome.CANNOT_DECIDE, tuple(reasons))


def refused(question: Question, reasons: Iterable[str]) -> Decision:
    """The answer where an audit must not answer."""
    return _cannot(question, *reasons)


def _asked(candidate: Candidate, target: Target) -> Iterator[Requirement]:
    """What is asked of a version: on its way into the registry nobody has approved it yet."""
    for each in candidate.requirements:
        if not (target is Target.REGISTRY and each.need is Need.APPROVED):
            yield each


def _judged(requirement: Requirement, results: dict[str, ItemResult]) -> Requirement:
    """Where the record of a version does not tell, take what is concluded about all that serves."""
    result = results.get(requirement.item)
    if requirement.status is not Status.NOT_ASSESSED or result is None:
        return requirement
    if is_complete(result) or result.status is Status.FAIL:
        summary = f"{requirement.summary}; item {result.id}: {result.summary}"
        return replace(requirement, status=result.status, summary=summary)
    return requirement


def _outcome(counted: GateDecision, against: list[Requirement], chosen: list[Candidate]) -> Outcome:
    known = any(each.status is not Status.NOT_ASSESSED for each in against)
    if counted.outcome is Outcome.CLOSED or known:
        return Outcome.CLOSED
    if against or not chosen:
        return Outcome.CANNOT_DECIDE
    return counted.outcome


def _hours(age: timedelta) -> str:
    hours = age / timedelta(hours=1)
    return f"{hours / 24:.1f} days" if hours > 48 else f"{hours:.1f} hours"  # noqa: PLR2004
