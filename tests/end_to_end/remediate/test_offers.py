"""The reference pipeline offered beside a workload, deployed as offered, and offered again."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import boto3
import pytest
from botocore.config import Config

from mlaudit.audit import Audit, WorkloadAudit
from mlaudit.catalog import catalogue
from mlaudit.cli.deployed import READS
from mlaudit.cli.offered_values import Asked
from mlaudit.cli.offers import Request, offered
from mlaudit.collect.plan import declared_operations
from mlaudit.collect.run import Request as Reading
from mlaudit.collect.run import collect
from mlaudit.collect.session import Access, open_account
from mlaudit.config import load_config
from mlaudit.emulator import EmulatedAccount, emulated_account, load_scenario
from mlaudit.emulator.access import SEEDER_KEY
from mlaudit.judge import Settings, judge
from mlaudit.model import Status
from mlaudit.remediate.goal import Goal, wanted
from mlaudit.remediate.hands import Declared, Hands, open_hands
from mlaudit.remediate.journal import Journal, begin
from mlaudit.remediate.plan import Step
from mlaudit.remediate.planning import Offer
from mlaudit.remediate.stacks import DEPLOYING, Site, deployed, looked_at
from mlaudit_reference.offers import Person, name_for

pytestmark = pytest.mark.slow

COMMIT = "3f9a1c0d5e7b"
PERSON = Person(notify=("on-call@example.com",), log_days=180)


@dataclass(frozen=True)
class Place:
    """An emulated account, open for looking and for deploying."""

    emulated: EmulatedAccount
    now: datetime
    audit: Audit
    hands: Hands
    journal: Journal

    @property
    def site(self) -> Site:
        return Site(self.emulated.region, self.hands.ask(self.emulated.region))

    def offer(self, workload: WorkloadAudit, items: frozenset[str]) -> Offer:
        """What is offered, by calls that are declared for it alone."""
        eyes = open_hands(_access(self.emulated), Declared(reads=READS))
        asked = Asked(self.now, COMMIT)
        return offered(Request(self.audit, eyes.ask, PERSON, asked), workload, items)

    def deploy(self, offer: Offer) -> list[str]:
        """Deploy what waits for nothing, and tell the names of the stacks."""
        done = []
        for step in offer.steps:
            if step.stack is not None and not step.waits:
                deployed(_looked_at(step, offer, self.site), offer.files, self.site, self.journal)
                done.append(step.stack.name)
        return done

    def client(self, service: str) -> Any:
        session: Any = boto3.Session(
            SEEDER_KEY, self.emulated.secret_key, region_name=self.emulated.region
        )
        config = Config(inject_host_prefix=False, retries={"total_max_attempts": 1})
        return session.client(service, endpoint_url=self.emulated.endpoint_url, config=config)

    def approves(self, group: str) -> str:
        """Let a version be registered and approved."""
        client = self.client("sagemaker")
        statistics = {"ContentType": "application/json", "S3Uri": "s3://b/base/statistics.json"}
        moved = {"ContentType": "application/json", "S3Uri": "s3://b/moved/analysis.json"}
        arn: str = client.create_model_package(
            ModelPackageGroupName=group,
            ModelApprovalStatus="PendingManualApproval",
            InferenceSpecification={
                "Containers": [{"Image": "1.dkr/i", "ModelDataUrl": "s3://b/model.tar.gz"}],
                "SupportedContentTypes": ["text/csv"],
                "SupportedResponseMIMETypes": ["text/csv"],
            },
            DriftCheckBaselines={
                "ModelDataQuality": {"Statistics": statistics},
                "Explainability": {"Constraints": moved},
            },
        )["ModelPackageArn"]
        client.update_model_package(ModelPackageArn=arn, ModelApprovalStatus="Approved")
        return arn


def _looked_at(step: Step, offer: Offer, site: Site) -> Step:
    assert step.stack is not None
    return replace(step, id="01", stack=looked_at(step.stack, offer.files, site))


def _access(emulated: EmulatedAccount) -> Access:
    keys = (emulated.access_key, emulated.secret_key)
    return Access(emulated.account, endpoint_url=emulated.endpoint_url, keys=keys)


def _scanned(emulated: EmulatedAccount, now: datetime) -> Audit:
    opened, config = open_account(_access(emulated), declared_operations()), load_config(None)
    reading = Reading(
        account=opened.account,
        caller=opened.caller,
        regions=(emulated.region,),
        started_at=now,
        window_days=config.window_days,
        tag_keys=config.tag_keys,
    )
    seen = collect(opened.api, reading)
    return judge(seen, catalogue(), Settings(config.tag_keys, {}, config.declarations))


@contextmanager
def place(scenario: str, folder: Path) -> Iterator[Place]:
    now = datetime.now(UTC)
    with emulated_account(load_scenario(scenario), now=now) as emulated:
        hands = open_hands(_access(emulated), DEPLOYING)
        yield Place(emulated, now, _scanned(emulated, now), hands, begin(folder))


@dataclass(frozen=True)
class Story:
    """What was offered at first, while there was no version, with one, and with another one."""

    workload: WorkloadAudit
    offers: tuple[Offer, ...]
    done: tuple[list[str], ...]
    version: str
    after: Audit

    @property
    def name(self) -> str:
        return name_for(self.workload.name)


@pytest.fixture(scope="module")
def story(tmp_path_factory: pytest.TempPathFactory) -> Story:
    with place("demo", tmp_path_factory.mktemp("runs")) as there:
        workload = min(there.audit.workloads, key=lambda each: each.scores.strict.complete)
        items = frozenset(wanted(Goal(), there.audit, workload))
        first = there.offer(workload, items)
        begun = there.deploy(first)
        second = there.offer(workload, items)
        version = there.approves(name_for(workload.name))
        third = there.offer(workload, items)
        ended = there.deploy(third)
        there.approves(name_for(workload.name))
        fourth = there.offer(workload, items)
        after = _scanned(there.emulated, there.now + timedelta(minutes=1))
        return Story(workload, (first, second, third, fourth), (begun, ended), version, after)


def stacks(steps: Iterable[Step]) -> list[str]:
    return [each.stack.name for each in steps if each.stack]


def test_what_serves_waits_and_the_rest_is_deployed_at_once(story: Story) -> None:
    first, second, _, _ = story.offers
    ready = stacks(each for each in first.steps if not each.waits)
    waiting = stacks(each for each in first.steps if each.waits)
    assert story.done[0] == ready
    named = {f"{story.name}-{each}" for each in ("foundation", "training", "retraining")}
    assert named <= set(ready)
    assert f"{story.name}-monitoring" in waiting
    assert any("-serving-" in each for each in waiting)
    assert stacks(second.steps) == waiting
    reasons = ("an approved version of", "which waits itself")
    assert all(any(one in each.waits for one in reasons) for each in second.steps)


def test_with_a_version_the_rest_follows(story: Story) -> None:
    _, second, third, _ = story.offers
    assert not any(each.waits for each in third.steps)
    assert story.done[1] == stacks(second.steps)
    told = [each.stack.parameters for each in third.steps if each.stack]
    assert {each["ModelPackageArn"] for each in told if "ModelPackageArn" in each} == {
        story.version
    }


def test_what_is_deployed_is_not_offered_again_even_with_a_newer_version(story: Story) -> None:
    assert story.offers[3].steps == ()


def test_what_was_deployed_belongs_to_the_workload_and_makes_no_item_worse(story: Story) -> None:
    assert not [each for each in story.after.workloads if each.name.startswith(story.name)]
    (now,) = (each for each in story.after.workloads if each.name == story.workload.name)
    assert set(story.workload.members) < set(now.members)
    held = {each.id for each in story.workload.items if each.status is Status.PASS}
    worse = {each.id: each.summary for each in now.items if each.status is not Status.PASS}
    assert {id_: worse[id_] for id_ in held & worse.keys()} == {}
