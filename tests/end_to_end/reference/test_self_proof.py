"""The reference pipeline is judged like any other system, and turns exactly what its table says."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from datetime import datetime, timedelta
from typing import Any

import pytest

from mlaudit.audit import Audit
from mlaudit.emulator import life
from mlaudit.model import Status
from mlaudit_reference import names
from mlaudit_reference.capabilities import capabilities, turned_by
from mlaudit_reference.manifest import document_of
from mlaudit_reference.offers import Aim, Person, choose, derived

pytestmark = pytest.mark.slow

Standing = Callable[..., Any]
REGISTRY = "763104351884.dkr.ecr.us-east-1.amazonaws.com"
IMAGES = {
    "image": f"{REGISTRY}/pytorch-training@sha256:{'5' * 64}",
    "serving_image": f"{REGISTRY}/pytorch-inference@sha256:{'e' * 64}",
}
SYSTEMS: dict[str, dict[str, Any]] = {
    "production": {"profile": "production"},
    "zero": {"profile": "zero"},
    "demo": {"profile": "demo"},
    "compared": {
        "profile": "production",
        "framework": "pytorch",
        "training": {"instances": 2, "instance_type": "ml.g5.xlarge", **IMAGES},
        "targets": ["realtime", "batch", "chain"],
        "realtime": {"second_percent": 10, "api": True},
    },
    "shadowed": {
        "profile": "production",
        "targets": ["realtime"],
        "realtime": {"shadow_percent": 50},
    },
    "components": {"profile": "production", "targets": ["components"]},
    "chained": {"profile": "production", "targets": ["multi-model", "serial"]},
    "without": {
        "automl": {"enabled": False},
        "monitoring": {"dashboard": False},
        "triggers": {"schedule": None, "new_data": False, "quality": False, "drift": False},
        "targets": ["realtime"],
    },
}
UNDER_ALL = ("foundation", "training")
SCHEDULED = ("-batch", "-chain")


class Life:
    """Some weeks in which a system is used."""

    def __init__(self, system: Any, stacks: Iterable[str] = ()) -> None:
        self.system = system
        self.name = system.manifest.name
        wanted = set(stacks) or set(system.stacks)
        self.rest = [each for each in system.stacks if each in wanted and each not in UNDER_ALL]
        """The stacks that come when there is a version."""

    def clients(self, service: str, at: datetime) -> Any:
        """The client of a service at a moment."""
        return self.system.client(service, self.system.ago(at))

    def days_ago(self, days: float) -> datetime:
        """A moment before the present."""
        return self.system.now - timedelta(days=days)  # type: ignore[no-any-return]

    def trains(self, days: float, version: int) -> None:
        """Bring data, train on it, and let a person approve what comes of it."""
        bucket = self.system.output("DataBucketName")
        self.clients("s3", self.days_ago(days + 1)).put_object(
            Bucket=bucket, Key="raw/applications.csv", Body=f"version {version}".encode()
        )
        self.starts_training(days)
        self.system.approve(version, self.system.ago(self.days_ago(days - 1)))

    def promotes(self, days: float, version: int) -> None:
        """Let what listens for approvals bring a version to all that serves."""
        for name, arn in self.machines():
            if name.endswith("-promotion"):
                life.run_machine(self.clients, self.days_ago(days), arn)
        at = self.system.ago(self.days_ago(days))
        self.system.deploy(self.rest, at, self.system.version(version))

    def starts_training(self, days: float) -> None:
        """Run the training pipeline."""
        self.clients("sagemaker", self.days_ago(days)).start_pipeline_execution(
            PipelineName=names.training_pipeline(self.system.manifest)
        )

    def is_used(self) -> None:
        """Let it answer, score files, be watched, and be trained for every cause."""
        for days in (40, 10, 1):
            life.serve(self.clients, self.days_ago(days))
        self.runs_machines(2)
        self.looks_for_drift(10)
        self.looks_for_drift(2)
        self.is_retrained()
        life.call_functions(self.clients, self.days_ago(1))
        life.log_jobs(self.clients, self.system.now)
        life.judge_alarms(self.clients, self.days_ago(0.05))

    def runs_machines(self, days: float) -> None:
        """Let what works on a schedule have run."""
        for name, arn in self.machines():
            if name.endswith(SCHEDULED):
                life.run_machine(self.clients, self.days_ago(days), arn)

    def machines(self) -> list[tuple[str, str]]:
        """The names and ARNs of all state machines."""
        client = self.clients("stepfunctions", self.system.now)
        found = client.list_state_machines()["stateMachines"]
        return [(each["name"], each["stateMachineArn"]) for each in found]

    def looks_for_drift(self, days: float) -> None:
        """Run the drift job, where there is one."""
        client = self.clients("sagemaker", self.days_ago(days))
        name = names.monitoring_pipeline(self.system.manifest)
        found = client.list_pipelines()["PipelineSummaries"]
        if name in {each["PipelineName"] for each in found}:
            client.start_pipeline_execution(PipelineName=name)

    def is_retrained(self) -> None:
        """Let every rule that starts training have done so once, and a person too."""
        for name, arn in self.machines():
            if name.endswith("-retraining"):
                self._is_retrained_by(arn)

    def _is_retrained_by(self, machine: str) -> None:
        client = self.clients("events", self.system.now)
        life.run_machine(self.clients, self.days_ago(12), machine)
        rules = client.list_rule_names_by_target(TargetArn=machine)["RuleNames"]
        for number, rule in enumerate(sorted(rules)):
            at = self.days_ago(9 - number)
            life.fire_rule(self.clients, at, rule)
            life.run_machine(self.clients, at, machine)
            self.starts_training(9 - number)


def lived(life: Life) -> tuple[Audit, Audit]:
    """What is said of a system before and after it has lived."""
    system = life.system
    system.deploy(UNDER_ALL, "-60d")
    life.trains(45, version=1)
    system.deploy(life.rest, "-43d", system.version(1))
    before = system.scan()
    life.trains(16, version=2)
    life.promotes(14, version=2)
    life.is_used()
    return before, system.scan()


QUICK = ("production", "zero")
PARAMS = [pytest.param(name, marks=() if name in QUICK else pytest.mark.scale) for name in SYSTEMS]


@pytest.fixture(scope="module", params=PARAMS)
def audits(request: pytest.FixtureRequest, standing: Standing) -> tuple[Any, Audit, Audit]:
    """The manifest, and what is said of the system before and after it has lived."""
    with standing(**SYSTEMS[request.param]) as system:
        return system.manifest, *lived(Life(system))


def passing(audit: Audit) -> set[str]:
    (workload,) = audit.workloads
    return {item.id for item in workload.items if item.status is Status.PASS}


def test_it_is_one_workload_and_all_of_it_is_seen(audits: tuple[Any, Audit, Audit]) -> None:
    manifest, _, audit = audits
    assert [each.name for each in audit.workloads] == [manifest.name]
    assert (audit.gaps, audit.orphans) == ((), ())


def test_what_turned_is_what_the_table_says(audits: tuple[Any, Audit, Audit]) -> None:
    manifest, _, audit = audits
    assert passing(audit) == turned_by(manifest)


BY_TRAINING = {"2.4", "5.3", "6.5", "6.6", "7.2", "8.2"}
"""What has been used once a version was trained, tested, approved and registered."""

AT_ONCE = {"6.notification"}
"""A person who confirmed the subscription has read a message of it."""


def test_what_was_deployed_and_never_used_turns_nothing(
    audits: tuple[Any, Audit, Audit],
) -> None:
    _, before, _ = audits
    used = {item for each in capabilities() for item in each.items if each.stack not in UNDER_ALL}
    assert passing(before) & used <= BY_TRAINING | AT_ONCE


PERSON = Person(
    notify=("ops@example.com",), images=(IMAGES["image"], IMAGES["serving_image"]), log_days=180
)
OFFERED = [
    pytest.param(("3.1",), id="served"),
    pytest.param(("8.4",), id="batches alone", marks=pytest.mark.scale),
    pytest.param(("3.9", "6.1"), id="watched", marks=pytest.mark.scale),
    pytest.param(("2.5", "7.2"), id="on GPUs", marks=pytest.mark.scale),
    pytest.param(("4.9",), id="chained", marks=pytest.mark.scale),
    pytest.param(
        tuple({item for each in capabilities() for item in each.items}),
        id="everything",
        marks=pytest.mark.scale,
    ),
]


@pytest.mark.parametrize("wanted", OFFERED)
def test_what_is_offered_turns_what_it_says_with_the_stacks_that_are_offered(
    standing: Standing, wanted: tuple[str, ...]
) -> None:
    offered = choose(derived("consumer", PERSON, production=False), Aim(frozenset(wanted)))
    assert offered is not None
    with standing(**document_of(offered.manifest)) as system:
        _, after = lived(Life(system, [each.name for each in offered.stacks]))
    (workload,) = after.workloads
    assert workload.name == "consumer"
    assert offered.turned - passing(after) == set()
