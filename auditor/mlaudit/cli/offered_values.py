"""What the parameters of offered stacks are, and what those wait for that lack one."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, replace
from datetime import datetime
from functools import cached_property
from typing import Any

from mlaudit.audit import Audit, ExceptionNote, GateDecision, Outcome, WorkloadAudit
from mlaudit.catalog import catalogue
from mlaudit.cli.deployed import Deployed
from mlaudit.decision import Decision, Question, decide
from mlaudit.remediate.fix import results_of
from mlaudit.thresholds import DEFAULT_RULES, Target
from mlaudit_reference.delivery.deploy import is_of_version, of_gate, of_time, of_version
from mlaudit_reference.offers import Part
from mlaudit_reference.templates.serving.streaming import GATE_DECISION, GATE_OUTCOME
from mlaudit_reference.templates.training import COMMIT

LOGS_OF_APIS = "AccountLogs"
"""Whether a stack sets the role by which API Gateway logs in the account, or keeps it."""


def by_default(audit: Audit, question: Question) -> Decision:
    """What ``mlaudit gate`` decides without a configuration."""
    return decide(audit, question, catalogue(), DEFAULT_RULES)


@dataclass(frozen=True)
class Asked:
    """What is said of deploying.

    Attributes:
        now: The time (UTC).
        commit: The commit that the user's code is of; ``None`` where nobody says.
        decide: Decides about what serves, as ``mlaudit gate`` does.
    """

    now: datetime
    commit: str | None = None
    decide: Callable[[Audit, Question], Decision] = by_default


@dataclass(frozen=True)
class Gate:
    """What a gate says to a stack.

    Attributes:
        decision: The decision as a file; ``None`` where the stack may not be deployed.
        reason: Why it may not, as what is waited for; or by whose exception it may.
    """

    decision: bytes | None
    reason: str = ""


@dataclass(frozen=True)
class Values:
    """Knows what can be known of the parameters of a workload's stacks.

    Attributes:
        audit: What was concluded.
        workload: The workload.
        deployed: What is there.
        asked: What is said of deploying.
        ttl_days: After how many days stacks that expire do.
    """

    audit: Audit
    workload: WorkloadAudit
    deployed: Deployed
    asked: Asked
    ttl_days: int | None

    def of(self, part: Part) -> Mapping[str, str]:
        """The parameters of a stack as far as they are known.

        A stack that is there keeps what it has; promotion alone gives it another version.
        """
        defaults = {
            name: about["Default"] for name, about in part.parameters.items() if "Default" in about
        }
        known = {**defaults, **self._known(part)}
        if found := self.deployed.stacks.get(part.stack):
            anew = {name: known[name] for name in (COMMIT, *_GATE) if name in known}
            known = {**known, **found.parameters, **anew}
        return {name: str(known[name]) for name in part.parameters if name in known}

    def lacks(self, part: Part) -> Iterator[str]:
        """What a stack waits for, in words."""
        values = self.of(part)
        if part.gate is not None and (gate := self.gate(part.gate)).decision is None:
            yield gate.reason
        if LOGS_OF_APIS in part.parameters and (unseen := self.deployed.logs_of_apis.unseen):
            yield f"a look at how API Gateway logs in the account: {unseen}"
        missing = part.parameters.keys() - values.keys() - _GATE
        yield from dict.fromkeys(self._reason(name, part) for name in sorted(missing))

    def gate(self, target: str) -> Gate:
        """What the gate says: only open is open, but for an exception in force.

        It has to be open for the workload, and for the versions that serve.
        """
        counted = self.workload.gates.get(target)
        if counted is not None and counted.outcome is Outcome.OPEN:
            decision = self._decided(target)
            if decision.outcome is Outcome.OPEN:
                return Gate(self._decision(target, counted, None))
            counted = replace(counted, outcome=decision.outcome, reasons=tuple(_against(decision)))
        note = self._exception(target)
        if note is not None:
            by = f"an exception of {note.owner} until {note.expires} ({note.ticket})"
            return Gate(self._decision(target, counted, note), by)
        why = f": {counted.reasons[0]}" if counted and counted.reasons else ""
        said = counted.outcome.value.replace("_", " ") if counted else "not asked"
        reason = f"the {target} gate of {self.workload.name} to open (now: {said}{why})"
        return Gate(None, reason)

    def _decided(self, target: str) -> Decision:
        own = self.workload
        question = Question(Target(target), workload=own.name, region=own.region)
        return self.asked.decide(self.audit, question)

    def _known(self, part: Part) -> Mapping[str, str]:
        known: dict[str, str] = {}
        if self.asked.commit:
            known[COMMIT] = self.asked.commit
        if self.ttl_days:
            known |= of_time(self.asked.now, self.ttl_days)
        if part.gate is not None and (decision := self.gate(part.gate).decision):
            known |= of_gate(decision)
        if any(map(is_of_version, part.parameters)):
            known |= of_version(self.deployed.version.value, part.parameters)
        if LOGS_OF_APIS in part.parameters:
            known |= self._logs_of_apis
        return known

    @cached_property
    def _logs_of_apis(self) -> Mapping[str, str]:
        """It is set where no role is: what others have set is theirs."""
        return {LOGS_OF_APIS: "kept" if self.deployed.logs_of_apis.value else "set"}

    def _reason(self, name: str, part: Part) -> str:
        if name == COMMIT:
            return "the commit of your repository: name it by --commit"
        if is_of_version(name):
            version, system = self.deployed.version, self.deployed.name
            if version.unseen:
                return f"a look at the versions of {system}: {version.unseen}"
            if version.value is None:
                return (
                    f"an approved version of {system}: run the pipeline {system}-training, then "
                    "approve what it registers"
                )
            return f"an approved version of {system} that tells {name}"
        return f"a value of {name}: {part.parameters[name].get('Description', name)}"

    def _exception(self, target: str) -> ExceptionNote | None:
        """The exception that lets something through: there is one for streaming alone."""
        item = results_of(self.workload).get(self.audit.rules.streaming_item)
        note = item.exception if item and target == Target.STREAMING.value else None
        in_force = note and not note.expired and self.asked.now.date() <= note.expires
        return note if in_force and note and note.owner else None

    def _decision(
        self, target: str, counted: GateDecision | None, note: ExceptionNote | None
    ) -> bytes:
        document: dict[str, Any] = {
            "account": self.audit.account,
            "region": self.workload.region,
            "workload": self.workload.name,
            "target": target,
            "outcome": counted.outcome.value if counted else None,
            "gate": asdict(counted) if counted else None,
            "exception": asdict(note) if note else None,
            "scanned_at": self.audit.started_at.isoformat(),
            "catalogue_version": self.audit.catalogue_version,
        }
        return (json.dumps(document, indent=2, sort_keys=True, default=str) + "\n").encode()


def _against(decision: Decision) -> Iterator[str]:
    """What is against the versions that serve."""
    yield from decision.refusals
    yield from (each.summary for each in decision.denials if each.need is not None)


_GATE = frozenset({GATE_OUTCOME, GATE_DECISION})
