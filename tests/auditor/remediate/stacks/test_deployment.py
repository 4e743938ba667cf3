"""Stacks are shown, journaled and deployed, and taken back when something fails."""

from dataclasses import replace
from typing import Any

import pytest

from mlaudit.remediate.change import Document, FailedError, RefusedError
from mlaudit.remediate.entries import Did, Failed, WasSo
from mlaudit.remediate.stacks import NotReadyError, Terms, settled

LOGS = "Resources: {L: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: %s}}}"
NAMED = (
    "Resources: {B: {Type: AWS::S3::Bucket, Properties: {BucketName: %s}}, "
    "T: {Type: AWS::SNS::Topic}}"
)
FAILING = (
    "Resources: {L: {Type: AWS::Logs::LogGroup, DeletionPolicy: Retain}, "
    "T: {Type: AWS::SNS::Topic}, B: {Type: AWS::SSM::Parameter, DependsOn: [L, T], "
    "Properties: {Name: aws-bad, Type: String, Value: x}}}"
)
GATED = (
    "Parameters: {GateOutcome: {Type: String}, GateDecision: {Type: String}}\n"
    "Resources: {T: {Type: AWS::SNS::Topic}}"
)
SUM = "ab" * 32


def test_a_new_stack_is_shown_made_and_written_down(bench: Any) -> None:
    assert bench.deploy(LOGS % 7)
    assert bench.status() == "CREATE_COMPLETE"
    assert bench.told == [
        "demo: make L (AWS::Logs::LogGroup)",
        "demo: L (AWS::Logs::LogGroup) made",
        "demo: created",
    ]
    intent, did = bench.journal.entries
    assert (intent.step, intent.kind, intent.key) == (
        "03",
        "cloudformation.stack",
        {"StackName": "demo"},
    )
    assert intent.before is None
    assert intent.after["TemplateBody"] == LOGS % 7
    assert intent.after["Tags"] == {"mlaudit:workload": "churn"}
    assert did == Did(1)


def test_an_update_shows_what_changes_and_keeps_what_was(bench: Any) -> None:
    bench.deploy(LOGS % 7)
    bench.told.clear()
    assert bench.deploy(LOGS % 14)
    assert bench.told == [
        "demo: change L (AWS::Logs::LogGroup)",
        "demo: L (AWS::Logs::LogGroup) changed",
        "demo: updated",
    ]
    intent = bench.journal.intents[-1]
    assert (intent.before["TemplateBody"], intent.after["TemplateBody"]) == (LOGS % 7, LOGS % 14)


def test_the_same_again_is_nothing_to_do(bench: Any) -> None:
    bench.deploy(LOGS % 7)
    known = len(bench.journal.intents)
    assert not bench.deploy(LOGS % 7)
    assert bench.told[-1] == "demo: nothing to do"
    assert len(bench.journal.intents) == known
    assert isinstance(bench.journal.entries[-1], WasSo)
    assert bench.change_sets() == []


def test_parameters_that_nobody_says_stay(bench: Any) -> None:
    template = (
        "Parameters: {Days: {Type: Number, Default: 7}, Name: {Type: String, Default: a}}\n"
        "Resources: {L: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: !Ref Days}}, "
        "T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !Ref Name}}}"
    )
    bench.deploy(template, parameters={"Days": "14"})
    bench.deploy(template, parameters={"Name": "b"})
    assert bench.journal.intents[-1].after["Parameters"] == {"Days": "14", "Name": "b"}
    (group,) = bench.client("logs").describe_log_groups()["logGroups"]
    assert group["retentionInDays"] == 14


def test_tags_of_others_stay(bench: Any) -> None:
    bench.client("cloudformation").create_stack(
        StackName="demo", TemplateBody=LOGS % 7, Tags=[{"Key": "team", "Value": "risk"}]
    )
    bench.deploy(LOGS % 14, Terms(adopt=True), adopt=True)
    (stack,) = bench.client("cloudformation").describe_stacks()["Stacks"]
    tags = {each["Key"]: each["Value"] for each in stack["Tags"]}
    assert tags == {"team": "risk", "mlaudit:workload": "churn"}


@pytest.mark.parametrize(
    ("other", "loss"),
    [
        (NAMED % "ml-two", r"ml-one \(AWS::S3::Bucket\), which holds data, would be replaced"),
        ("Resources: {T: {Type: AWS::SNS::Topic}}", "ml-one .* would be deleted"),
    ],
)
def test_what_holds_data_is_replaced_or_removed_on_request_only(
    bench: Any, other: str, loss: str
) -> None:
    bench.deploy(NAMED % "ml-one")
    known = len(bench.journal.intents)
    with pytest.raises(NotReadyError, match=loss):
        bench.deploy(other)
    assert bench.told[-1].startswith("WARNING: demo: ml-one")
    assert (bench.status(), bench.change_sets()) == ("CREATE_COMPLETE", [])
    assert len(bench.journal.intents) == known
    assert bench.deploy(other, Terms(allow_replacement=True))
    assert bench.told[-1] == "demo: updated"


@pytest.mark.parametrize("is_new", [True, False])
def test_what_nobody_confirms_is_not_done(bench: Any, *, is_new: bool) -> None:
    asked: list[Any] = []

    def no(lines: Any) -> bool:
        asked.extend(lines)
        return False

    if not is_new:
        bench.deploy(LOGS % 7)
    with pytest.raises(NotReadyError, match="nobody confirmed it"):
        bench.deploy(LOGS % 14, Terms(confirm=no))
    assert asked == [f"demo: {'make' if is_new else 'change'} L (AWS::Logs::LogGroup)"]
    assert bench.status() == ("" if is_new else "CREATE_COMPLETE")
    assert all(bench.journal.outcome(each.number) for each in bench.journal.intents)


def test_what_the_template_keeps_is_no_loss(bench: Any) -> None:
    kept = (NAMED % "ml-one").replace("Bucket, ", "Bucket, DeletionPolicy: Retain, ")
    bench.deploy(kept)
    assert bench.deploy("Resources: {T: {Type: AWS::SNS::Topic}}")


def test_what_fails_in_the_middle_leaves_nothing(bench: Any) -> None:
    with pytest.raises(FailedError, match=r"demo could not be created: B \(AWS::SSM::Parameter\)"):
        bench.deploy(FAILING)
    assert (bench.status(), bench.log_groups()) == ("", [])
    assert bench.client("sns").list_topics()["Topics"] == []
    (_, failed) = bench.journal.entries
    assert failed.why.endswith("Nothing of it is left.")
    assert "can't be prefixed" in failed.why


def test_an_update_that_fails_is_taken_back(bench: Any) -> None:
    bench.deploy(LOGS % 7)
    with pytest.raises(FailedError, match=r"could not be updated: B .* It is what it was before"):
        bench.deploy(FAILING)
    assert bench.status() == "UPDATE_ROLLBACK_COMPLETE"
    assert isinstance(bench.journal.entries[-1], Failed)
    assert bench.deploy(LOGS % 14)


def test_what_a_failure_has_left_goes_first(bench: Any) -> None:
    bench.client("cloudformation").create_stack(
        StackName="demo",
        TemplateBody=FAILING,
        Tags=[{"Key": "mlaudit:workload", "Value": "churn"}],
    )
    assert bench.deploy(LOGS % 7)
    said = "demo: its creation failed earlier, and what is left of it is deleted first"
    assert bench.told[:2] == [said, said], "when it is planned, and when it is done"
    assert bench.status() == "CREATE_COMPLETE"


def test_a_stack_that_somebody_made_meanwhile_is_left_alone(bench: Any) -> None:
    stack, files = bench.change(LOGS % 7)
    bench.deploy(LOGS % 14)
    with pytest.raises(NotReadyError, match="was made by somebody else since it was planned"):
        bench.deploy_as(stack, files)


def test_a_stack_that_somebody_changed_meanwhile_is_left_alone(bench: Any) -> None:
    bench.deploy(LOGS % 7)
    stack, files = bench.change(LOGS % 14)
    bench.deploy(LOGS % 30)
    with pytest.raises(NotReadyError, match="was changed by somebody else since it was planned"):
        bench.deploy_as(stack, files)


def test_a_stack_that_is_gone_meanwhile_is_not_made_anew(bench: Any) -> None:
    bench.deploy(LOGS % 7)
    stack, files = bench.change(LOGS % 14)
    bench.client("cloudformation").delete_stack(StackName="demo")
    with pytest.raises(NotReadyError, match="is gone since it was planned"):
        bench.deploy_as(stack, files)


def test_a_plan_that_was_applied_is_nothing_to_do(bench: Any) -> None:
    stack, files = bench.change(LOGS % 7)
    assert bench.deploy_as(stack, files)
    assert not bench.deploy_as(stack, files)


def test_what_was_not_looked_at_is_not_deployed(bench: Any) -> None:
    stack, files = bench.change(LOGS % 7)
    with pytest.raises(NotReadyError, match="was not looked at"):
        bench.deploy_as(replace(stack, before=""), files)


@pytest.mark.parametrize(
    "parameters",
    [
        {},
        {"GateOutcome": "closed", "GateDecision": SUM},
        {"GateOutcome": "open"},
        {"GateOutcome": "open", "GateDecision": "trust me"},
    ],
)
def test_a_gate_is_opened_by_a_decision_and_nothing_else(
    bench: Any, parameters: dict[str, str]
) -> None:
    with pytest.raises(NotReadyError, match="demo is behind a gate"):
        bench.deploy(GATED, parameters=parameters)
    assert (bench.status(), bench.journal.entries) == ("", ())


def test_an_open_gate_lets_a_stack_through_once(bench: Any) -> None:
    assert bench.deploy(GATED, parameters={"GateOutcome": "open", "GateDecision": SUM})
    with pytest.raises(NotReadyError, match="behind a gate"):
        bench.deploy(GATED, parameters={})


@pytest.mark.parametrize("operation", ["CreateChangeSet", "DescribeChangeSet", "ExecuteChangeSet"])
def test_a_refusal_leaves_nothing_but_its_record(bench: Any, operation: str) -> None:
    with pytest.raises((RefusedError, NotReadyError)):
        bench.refusing(operation).deploy(LOGS % 7)
    assert (bench.status(), bench.log_groups()) == ("", [])
    assert isinstance(bench.journal.entries[-1], Failed)


def test_a_refused_update_leaves_no_change_set(bench: Any) -> None:
    bench.deploy(LOGS % 7)
    with pytest.raises(RefusedError):
        bench.refusing("ExecuteChangeSet").deploy(LOGS % 14)
    assert bench.change_sets() == []
    assert bench.outcome() == "failed"


def test_an_answer_that_is_lost_leaves_the_intent_open_until_it_is_looked_at(bench: Any) -> None:
    def losing(service: str, operation: str, params: Document) -> Document:
        answer: Document = bench.site.ask(service, operation, params)
        if operation == "ExecuteChangeSet":
            raise RefusedError(service, operation, "ReadTimeoutError", "no answer")
        return answer

    lost = replace(bench, site=replace(bench.site, ask=losing))
    with pytest.raises(NotReadyError, match="Whether demo is being changed is not known"):
        lost.deploy(LOGS % 7)
    assert bench.outcome() == ""
    settled(bench.journal.intents[-1], bench.site, bench.journal)
    assert bench.outcome() == "did"


def test_a_change_set_that_an_earlier_attempt_left_is_replaced(bench: Any) -> None:
    stack, files = bench.change(LOGS % 7)
    with pytest.raises(RefusedError):
        replace(bench.refusing("DescribeChangeSet", "DeleteChangeSet", "DeleteStack")).deploy_as(
            stack, files
        )
    assert len(bench.change_sets()) == 1
    assert bench.deploy_as(stack, files)
    assert bench.status() == "CREATE_COMPLETE"


def test_a_template_that_cannot_be_evaluated_leaves_nothing(bench: Any) -> None:
    with pytest.raises((FailedError, RefusedError), match="Unresolved resource dependencies"):
        bench.deploy(LOGS % "!GetAtt Nobody.Arn")
    assert bench.status() == ""


def test_a_step_has_a_stack(bench: Any) -> None:
    with pytest.raises(NotReadyError, match="The step 03 has no stack"):
        bench.deploy_as(None, {})


class Slow:
    """A stack that takes its time: each look at it comes a bit further."""

    def __init__(self, *statuses: str) -> None:
        self.statuses = list(statuses)

    def answer(self, ask: Any, service: str, operation: str, params: Document) -> Document:
        answer: Document = ask(service, operation, params)
        if operation == "DescribeStacks" and params["StackName"].startswith("arn:"):
            (stack,) = answer["Stacks"]
            status = self.statuses.pop(0) if self.statuses else stack["StackStatus"]
            return {"Stacks": [{**stack, "StackStatus": status}]}
        return answer


def test_a_stack_is_waited_for_with_longer_and_longer_pauses(bench: Any) -> None:
    slow = Slow(*["CREATE_IN_PROGRESS"] * 3)
    pauses: list[float] = []
    site = replace(
        bench.site,
        ask=lambda *asked: slow.answer(bench.site.ask, *asked),
        patience=replace(bench.site.patience, sleep=pauses.append),
    )
    assert replace(bench, site=site).deploy(LOGS % 7)
    assert pauses == [1.0, 1.5, 2.25]
    assert bench.told.count("demo: L (AWS::Logs::LogGroup) made") == 1


def test_patience_ends_and_nothing_is_given_up(bench: Any) -> None:
    slow = Slow(*["CREATE_IN_PROGRESS"] * 99)
    times = iter(range(0, 10**6, 3600))
    site = replace(
        bench.site,
        ask=lambda *asked: slow.answer(bench.site.ask, *asked),
        patience=replace(
            bench.site.patience, sleep=lambda _seconds: None, clock=lambda: float(next(times))
        ),
    )
    with pytest.raises(
        NotReadyError, match="The stack demo is still being worked on after 4 hours"
    ):
        replace(bench, site=site).deploy(LOGS % 7)
    assert bench.outcome() == ""
    settled(bench.journal.intents[-1], bench.site, bench.journal)
    assert bench.outcome() == "did"
