"""What the options of ``mlaudit remediate`` mean: goal, terms, offers, and where it takes place."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path

from mlaudit.audit import Audit, WorkloadAudit
from mlaudit.catalog import catalogue
from mlaudit.cli.offered_values import Asked as Deploying
from mlaudit.cli.offers import Request, offered
from mlaudit.cli.remediate import Asked
from mlaudit.cli.remediation.drafting import Offering, Terms
from mlaudit.cli.remediation.repository import Repository
from mlaudit.cli.remediation.scene import Scene
from mlaudit.cli.scanning import Options, access_of
from mlaudit.config import load_config
from mlaudit.decision import Decision, Question, decide
from mlaudit.errors import MlauditError
from mlaudit.remediate.fix import Choices, Disposition
from mlaudit.remediate.goal import Goal
from mlaudit.remediate.hands import Hands
from mlaudit.remediate.planning import USUAL, Offer, Offers, Wish
from mlaudit_reference.offers import Person


def reading_of(asked: Asked) -> Options:
    """What is read, as the options of scans say it."""
    return Options(
        account=asked.account,
        regions=tuple(asked.region or ()),
        profile=asked.profile,
        role_name=asked.role_name,
        role_arn=asked.role_arn,
        external_id=asked.external_id,
        endpoint_url=asked.endpoint_url,
        replay=asked.from_,
        repositories=tuple(asked.repo or ()),
        config=asked.config,
        quiet=asked.quiet,
    )


def goal_of(asked: Asked) -> Goal:
    """What is to be reached."""
    patterns = tuple(each.strip() for each in (asked.items or "").split(",") if each.strip())
    return Goal(tuple(asked.workload or ()), asked.target, patterns, asked.level)


def scene_of(asked: Asked) -> Scene:
    """Where it takes place."""
    reading = reading_of(asked)
    access, config = access_of(reading), load_config(reading.config)
    return Scene(reading, access, config, asked.state, role_arn=asked.cloudformation_role)


def terms_of(asked: Asked) -> Terms:
    """What the user asks for and allows.

    Raises:
        MlauditError: A replacement is not of the form OLD=NEW.
    """
    replaced = dict(_pair(each, "--replace takes OLD=NEW") for each in asked.replaced or ())
    choices = Choices(
        notify=tuple(asked.notify or ()),
        log_days=asked.log_days,
        latency_ms=asked.latency_ms,
        maximum_instances=asked.max_instances,
        replaced_by=replaced,
    )
    dispositions = USUAL | ({Disposition.DISRUPTIVE} if replaced else frozenset())
    return Terms(Wish(goal_of(asked), choices, dispositions), asked.adopt, asked.max_monthly)


def offering_of(asked: Asked, scene: Scene) -> Offering:
    """What is offered beside settings: stacks of the reference pipeline, and files if wanted."""
    manifests = _manifests(asked)
    person = Person(tuple(asked.notify or ()), asked.log_days, asked.budget, asked.ttl)

    def gate(audit: Audit, question: Question) -> Decision:
        return decide(audit, question, catalogue(), scene.config.rules)

    def offering(audit: Audit, hands: Hands) -> Offers:
        deploying = Deploying(scene.now(), asked.commit, gate)
        request = Request(audit, hands.ask, person, deploying, asked.target)

        def offers(workload: WorkloadAudit, wanted: frozenset[str]) -> Offer:
            own = manifests.get(workload.name) or manifests.get("")
            return offered(replace(request, manifest=own), workload, wanted)

        return repository_of(asked).beside(offers, audit, len(asked.workload or ()))

    return offering


def repository_of(asked: Asked) -> Repository:
    """Where files for a repository go."""
    return Repository(asked.files, asked.branch_of)


def _manifests(asked: Asked) -> Mapping[str, Path]:
    """The manifests by their workloads; that of the only workload by nothing."""
    found = dict(_named(each) for each in asked.manifest or ())
    if "" in found and len(asked.workload or ()) != 1:
        raise MlauditError(
            "--manifest FILE is for one workload: name it by --workload, or give WORKLOAD=FILE."
        )
    return found


def _named(text: str) -> tuple[str, Path]:
    name, found, path = text.rpartition("=")
    return (name, Path(path)) if found else ("", Path(text))


def _pair(text: str, message: str) -> tuple[str, str]:
    old, found, new = text.partition("=")
    if not (old and found and new):
        raise MlauditError(f"{message}, not {text!r}.")
    return old, new
