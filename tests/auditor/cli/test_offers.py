"""What the reference pipeline offers a workload: steps, what they wait for, and what it cannot."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from mlaudit.audit import (
    Audit,
    ExceptionNote,
    ExceptionReason,
    GateDecision,
    ItemResult,
    Outcome,
    WorkloadAudit,
)
from mlaudit.catalog import catalogue
from mlaudit.cli.deployed import READS
from mlaudit.cli.offered_values import Asked
from mlaudit.cli.offers import Request, offered
from mlaudit.decision import Decision
from mlaudit.errors import MlauditError
from mlaudit.judge import judge
from mlaudit.model import Status
from mlaudit.remediate.change import Document, RefusedError
from mlaudit.remediate.fix import Disposition, Kind
from mlaudit.remediate.plan import Step
from mlaudit.remediate.planning import Offer
from mlaudit.testing import serving, snapshot
from mlaudit.thresholds import Target
from mlaudit_reference.manifest import example
from mlaudit_reference.offers import Person

NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)
COMMIT = "3f9a1c0d5e7b"
PERSON = Person(notify=("ops@example.com",), log_days=180)
ARN = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/fraud-ref/1"
VERSION: Document = {
    "ModelPackageArn": ARN,
    "InferenceSpecification": {
        "Containers": [{"Image": "1.dkr.ecr/i", "ModelDataUrl": "s3://b/model.tar.gz"}]
    },
    "DriftCheckBaselines": {
        "ModelDataQuality": {"Statistics": {"S3Uri": "s3://b/baseline/statistics.json"}},
        "Explainability": {"Constraints": {"S3Uri": "s3://b/moved/analysis.json"}},
    },
}
AUDIT = judge(
    snapshot(*serving("f", endpoint={"tags": {"mlaudit:workload": "fraud"}})), catalogue()
)


@dataclass
class Account:
    """What AWS answers: stacks, versions, and what it refuses."""

    stacks: dict[str, Mapping[str, Any]] = field(default_factory=dict)
    version: Document | None = None
    logs_of_apis: str | None = None
    denied: str = ""
    asked: set[tuple[str, str]] = field(default_factory=set)

    def ask(self, service: str, operation: str, params: Document) -> Document:
        self.asked.add((service, operation))
        if operation == self.denied:
            raise RefusedError(service, operation, "AccessDenied", "not authorized")
        answers: Document = {
            "DescribeStacks": self.describe,
            "GetTemplate": lambda StackName, **_: {  # noqa: N803 - as the API says
                "TemplateBody": self.stacks[StackName]["template"]
            },
            "ListModelPackages": self.packages,
            "DescribeModelPackage": lambda **_: self.version,
            "GetAccount": lambda: {"cloudwatchRoleArn": self.logs_of_apis},
        }
        found: Document = answers[operation](**params)
        return found

    def describe(self, StackName: str) -> Document:  # noqa: N803 - as the API says
        if StackName not in self.stacks:
            raise RefusedError(
                "cloudformation",
                "DescribeStacks",
                "ValidationError",
                f"Stack with id {StackName} does not exist",
            )
        return {"Stacks": [self.stacks[StackName]["told"]]}

    def packages(self, **_: Any) -> Document:
        listed = [{"ModelPackageArn": ARN}] if self.version else []
        return {"ModelPackageSummaryList": listed}

    def deploy(self, steps: tuple[Step, ...], files: Mapping[str, bytes]) -> None:
        """Let the stacks of steps be there."""
        for step in steps:
            stack = step.stack
            assert stack is not None
            self.stacks[stack.name] = {
                "template": files[stack.template].decode(),
                "told": {
                    "StackId": stack.name,
                    "StackName": stack.name,
                    "StackStatus": "CREATE_COMPLETE",
                    "Parameters": [
                        {"ParameterKey": key, "ParameterValue": value}
                        for key, value in stack.parameters.items()
                    ],
                    "Tags": [{"Key": key, "Value": value} for key, value in stack.tags.items()],
                },
            }


@pytest.fixture
def account() -> Account:
    return Account()


def request(account: Account, **said: Any) -> Request:
    usual: dict[str, Any] = {
        "audit": AUDIT,
        "ask": lambda _region: account.ask,
        "person": PERSON,
        "asked": Asked(NOW, COMMIT),
    }
    return Request(**{**usual, **said})


def workload(audit: Audit = AUDIT) -> WorkloadAudit:
    (found,) = audit.workloads
    return found


def offer(account: Account, *items: str, **said: Any) -> Offer:
    of = said.pop("of", workload())
    return offered(request(account, **said), of, frozenset(items))


def names(steps: tuple[Step, ...]) -> list[str]:
    return [each.stack.name.removeprefix("fraud-ref-") for each in steps if each.stack]


def step(found: Offer, stack: str) -> Step:
    return found.steps[names(found.steps).index(stack)]


def parameters(found: Offer, stack: str) -> Mapping[str, str]:
    change = step(found, stack).stack
    assert change is not None
    return change.parameters


SYSTEM = ["foundation", "training", "serving-batch"]


def test_a_system_is_offered_stack_by_stack(account: Account) -> None:
    found = offer(account, "4.7", "1.3")
    assert names(found.steps) == SYSTEM
    first, training, batch = found.steps
    assert {each.kind for each in found.steps} == {Kind.CAPABILITY}
    assert {each.workload for each in found.steps} == {"fraud"}
    assert {each.disposition for each in found.steps} == {Disposition.SAFE}
    assert (first.items, training.items, batch.items) == ((), ("1.3",), ("4.7",))
    assert batch.after == ("reference-foundation", "reference-training")
    assert training.stack is not None
    assert training.stack.tags["mlaudit:workload"] == "fraud"
    assert parameters(found, "training")["CommitId"] == COMMIT
    assert "a run of the pipeline" in training.exercise
    assert not first.not_proven
    assert training.not_proven
    assert "example" in training.risk
    assert not found.people


def test_the_files_that_steps_name_are_those_of_this_system_alone(account: Account) -> None:
    found = offer(account, "4.7")
    wanted = {each.stack.template for each in found.steps if each.stack}
    wanted |= {one.file for each in found.steps if each.stack for one in each.stack.uploads}
    assert found.files.keys() == wanted
    assert all(name.startswith("fraud-ref/eu-west-1/") for name in found.files)
    for each in found.steps:
        assert each.stack is not None
        assert "Resources" in yaml.safe_load(found.files[each.stack.template])


def test_each_step_tells_what_it_costs(account: Account) -> None:
    found = offer(account, "8.1")
    assert step(found, "serving-realtime").bill.idle.usd > 100
    assert step(found, "training").bill.idle.usd == 0


def test_what_serves_waits_for_an_approved_version(account: Account) -> None:
    waits = step(offer(account, "4.7"), "serving-batch").waits
    assert waits == (
        "an approved version of fraud-ref: run the pipeline fraud-ref-training, then approve what "
        "it registers"
    )
    account.version = VERSION
    found = offer(account, "4.7", "6.6")
    assert not any(each.waits for each in found.steps)
    assert parameters(found, "serving-batch")["ModelPackageArn"] == ARN
    told = parameters(found, "monitoring")
    assert (told["BaselineUri"], told["ModelUri"]) == ("s3://b/baseline", "s3://b/model.tar.gz")


def test_a_version_that_does_not_tell_all_is_no_version_for_a_stack(account: Account) -> None:
    account.version = {**VERSION, "DriftCheckBaselines": {}}
    found = offer(account, "6.6")
    assert "that tells BaselineUri" in step(found, "monitoring").waits
    assert "BaselineUri" not in parameters(found, "monitoring")


def test_versions_out_of_sight_are_not_taken_for_none(account: Account) -> None:
    account.denied = "ListModelPackages"
    waits = step(offer(account, "4.7"), "serving-batch").waits
    assert "a look at the versions of fraud-ref" in waits
    assert "AccessDenied" in waits
    assert "run the pipeline" not in waits


@pytest.mark.parametrize(
    ("said", "reason"),
    [
        ({"asked": Asked(NOW)}, "the commit of your repository: name it by --commit"),
        ({"person": Person()}, "an address that hears of alarms"),
    ],
)
def test_what_nobody_said_is_waited_for(
    account: Account, said: dict[str, Any], reason: str
) -> None:
    assert reason in step(offer(account, "1.3", **said), "training").waits


def test_what_rests_on_a_stack_that_waits_waits_too(account: Account) -> None:
    found = offer(account, "8.2", asked=Asked(NOW))
    assert step(found, "retraining").waits == "the stack fraud-ref-training, which waits itself"
    assert not step(found, "foundation").waits


@pytest.mark.parametrize(
    ("items", "stack", "risk"),
    [
        (("8.1",), "serving-api", "opens an API"),
        (("8.2",), "retraining", "starts training on its own"),
    ],
)
def test_what_acts_on_its_own_or_is_open_to_others_is_to_be_reviewed(
    account: Account, items: tuple[str, ...], stack: str, risk: str
) -> None:
    found = offer(account, *items)
    assert step(found, stack).disposition is Disposition.NEEDS_REVIEW
    assert risk in step(found, stack).risk


def test_retraining_that_nothing_starts_is_safe(account: Account) -> None:
    found = offer(account, "6.notification")
    assert step(found, "retraining").disposition is Disposition.SAFE


def test_how_apis_log_in_the_account_is_set_only_where_nobody_has(account: Account) -> None:
    found = offer(account, "8.1")
    assert parameters(found, "serving-api")["AccountLogs"] == "set"
    assert "for the whole account" in step(found, "serving-api").risk
    account.logs_of_apis = "arn:aws:iam::123456789012:role/logs"
    assert parameters(offer(account, "8.1"), "serving-api")["AccountLogs"] == "kept"
    account.denied = "GetAccount"
    assert "a look at how API Gateway logs" in step(offer(account, "8.1"), "serving-api").waits


def test_a_budget_and_an_end_are_offered_to_who_asks(account: Account) -> None:
    person = replace(PERSON, monthly_usd=70.0, ttl_days=3)
    found = offer(account, "4.7", person=person)
    assert names(found.steps) == [*SYSTEM, "guard", "expiry"]
    assert parameters(found, "expiry") == {
        "ExpiresAt": f"{NOW + timedelta(days=3):%Y-%m-%dT%H:%M:%S}",
        "PermissionsBoundary": "",
    }
    assert step(found, "expiry").disposition is Disposition.NEEDS_REVIEW
    assert "deletes all stacks" in step(found, "expiry").risk
    guard = step(found, "guard").stack
    assert guard is not None
    assert "70" in found.files[guard.template].decode()


EVERYTHING = ("4.7", "6.6", "8.2", "8.5", "7.2", "1.3")


def test_what_is_deployed_is_not_offered_again(account: Account) -> None:
    account.version = VERSION
    first = offer(account, *EVERYTHING)
    account.deploy(first.steps, first.files)
    again = offer(account, *EVERYTHING)
    assert (again.steps, again.files) == ((), {})
    assert {each.item for each in again.people} == set(EVERYTHING)
    assert all("deployed; it lacks use" in each.why for each in again.people)


def test_a_deployment_that_was_cut_goes_on_where_it_was(account: Account) -> None:
    account.version = VERSION
    first = offer(account, "8.2", "4.7")
    account.deploy(first.steps[:2], first.files)
    rest = offer(account, "8.2", "4.7")
    assert rest.steps == tuple(
        replace(each, after=tuple(one for one in each.after if one.endswith("batch")))
        for each in first.steps[2:]
    )


def test_what_is_no_longer_wanted_stays_as_it_is(account: Account) -> None:
    account.version = VERSION
    first = offer(account, *EVERYTHING)
    account.deploy(first.steps, first.files)
    assert offer(account, "8.2", person=Person()).steps == ()
    assert offer(account, "8.2", target=Target.STREAMING).steps == ()


def test_more_that_is_wanted_changes_the_stacks_it_is_in_alone(account: Account) -> None:
    account.version = VERSION
    first = offer(account, "8.2", "4.7")
    account.deploy(first.steps, first.files)
    account.version = {**VERSION, "ModelPackageArn": f"{ARN}1"}
    more = offer(account, "8.3", asked=Asked(NOW, "beefbeef"))
    assert names(more.steps) == ["retraining"]
    (changed,) = more.steps
    assert changed.disposition is Disposition.NEEDS_REVIEW
    assert changed.title == "Bring up to date the stack fraud-ref-retraining"
    assert "back that it has now" in changed.back
    assert changed.bill.idle.usd < step(first, "retraining").bill.idle.usd + 1
    account.deploy(more.steps, more.files)
    assert offer(account, "8.2", "8.3", "4.7").steps == ()
    automl = offer(account, "4.4", asked=Asked(NOW, "beefbeef"))
    assert names(automl.steps) == ["training"]
    assert parameters(automl, "training")["CommitId"] == "beefbeef"


def test_a_stack_that_is_there_keeps_its_version(account: Account) -> None:
    account.version = VERSION
    first = offer(account, "4.7")
    account.deploy(first.steps, first.files)
    stack = account.stacks["fraud-ref-serving-batch"]
    account.stacks["fraud-ref-serving-batch"] = {
        **stack,
        "template": stack["template"].replace("Predictions of files", "Others"),
    }
    account.version = {**VERSION, "ModelPackageArn": f"{ARN}1"}
    found = offer(account, "4.7")
    assert names(found.steps) == ["serving-batch"]
    assert parameters(found, "serving-batch")["ModelPackageArn"] == ARN


def test_new_code_is_uploaded_before_what_runs_it(account: Account) -> None:
    first = offer(account, "1.3")
    account.deploy(first.steps, first.files)
    training = account.stacks["fraud-ref-training"]
    key = next(one.key for each in first.steps if each.stack for one in each.stack.uploads).split(
        "/"
    )[1]
    account.stacks["fraud-ref-training"] = {
        **training,
        "template": training["template"].replace(key, "0" * len(key)),
    }
    found = offer(account, "1.3")
    assert names(found.steps)[:2] == ["foundation", "training"]
    change = step(found, "foundation").stack
    assert change is not None
    assert change.uploads


def test_a_stack_that_was_given_up_is_not_there(account: Account) -> None:
    first = offer(account, "1.3")
    account.deploy(first.steps, first.files)
    for each in account.stacks.values():
        each["told"]["StackStatus"] = "ROLLBACK_COMPLETE"
    assert names(offer(account, "1.3").steps) == names(first.steps)


@pytest.mark.parametrize("status", ["DELETE_IN_PROGRESS", "UPDATE_ROLLBACK_FAILED"])
def test_a_stack_that_is_not_whole_is_waited_for(account: Account, status: str) -> None:
    account.version = VERSION
    first = offer(account, "4.7")
    account.deploy(first.steps, first.files)
    account.stacks["fraud-ref-serving-batch"]["told"]["StackStatus"] = status
    (batch,) = offer(account, "4.7").steps
    assert batch.waits == (
        f"the stack fraud-ref-serving-batch to be whole again: it is in {status}"
    )


def test_stacks_out_of_sight_are_not_taken_for_missing(account: Account) -> None:
    account.denied = "DescribeStacks"
    found = offer(account, "1.3", "4.7")
    assert found.steps == ()
    assert {each.item for each in found.people} == {"1.3", "4.7"}
    assert all("could not be seen" in each.why for each in found.people)


def test_nothing_is_asked_but_what_is_declared(account: Account) -> None:
    account.version = VERSION
    first = offer(account, "8.1", "6.6")
    account.deploy(first.steps[:1], first.files)
    offer(account, "8.1", "6.6")
    assert account.asked == {(each.service, each.name) for each in READS}


def test_a_system_deployed_under_the_name_of_the_workload_is_changed_by_its_manifest(
    account: Account, own: Path
) -> None:
    account.version = VERSION
    first = offer(account, "4.7", manifest=own)
    account.deploy(first.steps, first.files)
    found = offer(account, "8.2")
    assert found.steps == ()
    assert all("give that by --manifest" in each.why for each in found.people)


@pytest.fixture
def own(tmp_path: Path) -> Path:
    """The workload's own manifest."""
    path = tmp_path / "pipeline.yaml"
    document = yaml.safe_load(example()) | {"name": "fraud", "targets": ["batch"]}
    path.write_text(yaml.safe_dump(document))
    return path


def test_a_manifest_is_taken_as_it_is(account: Account, own: Path) -> None:
    found = offer(account, "4.7", manifest=own, person=Person())
    stacks = [each.stack.name for each in found.steps if each.stack]
    assert stacks == ["fraud-foundation", "fraud-training", "fraud-serving-batch"]
    assert "example" not in step_of(found, "fraud-training").risk
    assert not step_of(found, "fraud-training").waits


def step_of(found: Offer, name: str) -> Step:
    return next(each for each in found.steps if each.stack and each.stack.name == name)


def test_a_manifest_for_another_workload_is_not_taken_for_this_one(
    account: Account, own: Path
) -> None:
    document = yaml.safe_load(own.read_text())
    own.write_text(yaml.safe_dump(document | {"workload": "churn"}))
    found = offer(account, "4.7", manifest=own)
    assert found.steps == ()
    assert "is for the workload churn" in found.people[0].why


def test_a_manifest_that_cannot_be_used_is_one_error(account: Account, tmp_path: Path) -> None:
    wrong = tmp_path / "pipeline.yaml"
    wrong.write_text("name: fraud\nthe: end\n")
    with pytest.raises(MlauditError, match=r"pipeline\.yaml"):
        offer(account, "4.7", manifest=wrong)
    with pytest.raises(MlauditError, match="mlaudit reference example"):
        offer(account, "4.7", manifest=tmp_path / "none.yaml")


def agreeing(of: WorkloadAudit) -> Asked:
    """What is said where the versions that serve stand in nobody's way."""
    outcome = of.gates["streaming"].outcome if of.gates else Outcome.OPEN
    return Asked(NOW, COMMIT, lambda _audit, question: Decision(question, outcome, ()))


def gated(outcome: Outcome, note: ExceptionNote | None = None) -> WorkloadAudit:
    """The workload, with a streaming gate that says something."""
    found = workload()
    gate = replace(found.gates["streaming"], outcome=outcome, reasons=("12 of 66 items.",))
    items = tuple(
        replace(each, exception=note) if each.id == AUDIT.rules.streaming_item else each
        for each in found.items
    )
    return replace(found, gates={**found.gates, "streaming": gate}, items=items)


def note(expires: date, *, expired: bool = False, owner: str = "Jo Meyer") -> ExceptionNote:
    reason = ExceptionReason.RISK_ACCEPTED
    return ExceptionNote(reason, owner, "RISK-7", "the pilot", "", expires, expired)


@pytest.fixture
def streaming(account: Account, own: Path) -> Path:
    """A manifest with a stream."""
    account.version = VERSION
    document = yaml.safe_load(own.read_text())
    own.write_text(yaml.safe_dump(document | {"targets": ["serverless", "streaming"]}))
    return own


LATER = NOW.date() + timedelta(days=1)


@pytest.mark.parametrize(
    ("of", "passes"),
    [
        (gated(Outcome.OPEN), True),
        (gated(Outcome.CLOSED), False),
        (gated(Outcome.CANNOT_DECIDE), False),
        (gated(Outcome.CLOSED, note(LATER)), True),
        (gated(Outcome.CLOSED, note(NOW.date())), True),
        (gated(Outcome.CLOSED, note(LATER, expired=True)), False),
        (gated(Outcome.CLOSED, note(NOW.date() - timedelta(days=1))), False),
        (gated(Outcome.CLOSED, note(LATER, owner="")), False),
    ],
)
def test_a_stream_passes_an_open_gate_or_an_exception_alone(
    account: Account, streaming: Path, of: WorkloadAudit, *, passes: bool
) -> None:
    found = offer(account, "4.5", manifest=streaming, of=of, asked=agreeing(of))
    told = step_of(found, "fraud-serving-streaming")
    assert told.stack is not None
    assert bool(told.waits) is not passes
    assert ("GateDecision" in told.stack.parameters) is passes
    if not passes:
        assert told.waits.startswith("the streaming gate of fraud to open (now: c")
        assert "12 of 66 items." in told.waits


@pytest.mark.parametrize("outcome", [Outcome.CLOSED, Outcome.CANNOT_DECIDE])
def test_a_version_that_may_not_be_promoted_keeps_the_stream_shut(
    account: Account, streaming: Path, outcome: Outcome
) -> None:
    said = Asked(
        NOW, COMMIT, lambda _, asked: Decision(asked, outcome, ("version 3 is not approved.",))
    )
    found = offer(account, "4.5", manifest=streaming, of=gated(Outcome.OPEN), asked=said)
    waits = step_of(found, "fraud-serving-streaming").waits
    assert waits.startswith("the streaming gate of fraud to open (now: c")
    assert "version 3 is not approved." in waits


def test_nothing_that_serves_keeps_the_stream_shut(account: Account, streaming: Path) -> None:
    found = offer(account, "4.5", manifest=streaming, of=gated(Outcome.OPEN))
    assert "to open (now: c" in step_of(found, "fraud-serving-streaming").waits


def test_the_decision_that_lets_a_stream_through_is_in_the_plan(
    account: Account, streaming: Path
) -> None:
    of = gated(Outcome.CANNOT_DECIDE, note(LATER))
    found = offer(account, "4.5", manifest=streaming, of=of)
    told = step_of(found, "fraud-serving-streaming")
    assert f"by an exception of Jo Meyer until {LATER} (RISK-7)" in told.risk
    assert "the gate itself is not open" in told.risk
    decision = found.files["fraud/eu-west-1/decision-streaming.json"]
    assert told.stack is not None
    assert told.stack.parameters["GateDecision"] == hashlib.sha256(decision).hexdigest()
    document = json.loads(decision)
    assert document["outcome"] == "cannot_decide"
    assert document["exception"]["owner"] == "Jo Meyer"


def test_a_gate_that_nobody_asked_is_not_open(account: Account, streaming: Path) -> None:
    of = replace(workload(), gates=dict[str, GateDecision]())
    found = offer(account, "4.5", manifest=streaming, of=of)
    assert "(now: not asked)" in step_of(found, "fraud-serving-streaming").waits


def test_what_is_judged_of_all_that_serves_takes_what_is_there_too(account: Account) -> None:
    found = offer(account, "3.1", "1.3")
    alone = replace(workload(), members=("arn:aws:sagemaker:eu-west-1:1:endpoint/Fraud-Ref-async",))
    told = step(found, "training").exercise
    assert "; for 1.3, 3.1: what else trains and serves in the workload has it too, or was" in told
    assert "what else" not in step(offer(account, "3.1", of=alone), "training").exercise
    assert "what else" not in step(offer(account, "8.2"), "retraining").exercise


def test_what_it_cannot_do_is_for_a_person(account: Account) -> None:
    found = offer(account, "9.1", "4.7")
    (person,) = found.people
    texts = {each.id: each.next_step for each in AUDIT.catalogue}
    assert (person.item, person.workload) == ("9.1", "fraud")
    assert "Macie" in person.why
    assert person.what == texts["9.1"]


def test_nothing_wanted_is_nothing_offered_and_nothing_asked(account: Account) -> None:
    assert offer(account) == Offer()
    assert account.asked == set()


def passing(*ids: str) -> WorkloadAudit:
    """The workload, with only these items complete."""

    def item(each: ItemResult) -> ItemResult:
        return replace(each, status=Status.PASS if each.id in ids else Status.FAIL)

    of = workload()
    return replace(of, items=tuple(map(item, of.items)))


def test_what_passes_now_is_not_lost_to_what_is_offered(account: Account) -> None:
    alone = offer(account, "3.1", "3.2", of=passing())
    beside = offer(account, "3.1", "3.2", of=passing("6.1"))
    assert names(alone.steps) == ["foundation", "training", "serving-serverless"]
    assert names(beside.steps) == ["foundation", "training", "serving-async", "monitoring"]
    serving = step(beside, "serving-async")
    assert serving.risk.endswith("Until it was used, items that pass now may not: 6.1.")
    assert serving.disposition is Disposition.NEEDS_REVIEW
    assert step(beside, "training").disposition is Disposition.SAFE


def test_what_has_to_be_given_for_it_is_told_and_never_as_much_as_it_brings(
    account: Account,
) -> None:
    found = offer(account, "3.1", "3.2", "3.3", of=passing("5.8", "1.3", "1.2"))
    risk = step(found, "serving-serverless").risk
    assert risk.endswith("As long as it is there, items that pass now may not: 5.8.")
    risk = step(found, "training").risk
    assert "As long as it is there, items that pass now may not: 1.2." in risk
    assert "Until it was used, items that pass now may not: 1.3." in risk
    nothing = offer(account, "3.1", of=passing("5.8"))
    assert nothing.steps == ()
    assert "passes now" in nothing.people[0].why
