"""What was deployed goes again, but for data that nobody gave up and what others use."""

from dataclasses import replace
from typing import Any

import pytest

from mlaudit.remediate.change import FailedError, RefusedError
from mlaudit.remediate.entries import Intent
from mlaudit.remediate.stacks import Fate, NotReadyError, settled

LOGS = "Resources: {L: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: %s}}}"
KEEPING = """
Resources:
  B: {Type: AWS::S3::Bucket, DeletionPolicy: Retain, Properties: {
    VersioningConfiguration: {Status: Enabled}}}
  K: {Type: AWS::KMS::Key, DeletionPolicy: Retain, Properties: {KeyPolicy: {Version: "2012-10-17",
    Statement: [{Effect: Allow, Principal: {AWS: !Sub "arn:aws:iam::${AWS::AccountId}:root"},
    Action: "kms:*", Resource: "*"}]}}}
  L: {Type: AWS::Logs::LogGroup, DeletionPolicy: Retain}
  M: {Type: AWS::SageMaker::ModelPackageGroup, DeletionPolicy: Retain, Properties: {
    ModelPackageGroupName: churn}}
  T: {Type: AWS::DynamoDB::Table, DeletionPolicy: Retain, Properties: {BillingMode: PAY_PER_REQUEST,
    AttributeDefinitions: [{AttributeName: id, AttributeType: S}],
    KeySchema: [{AttributeName: id, KeyType: HASH}]}}
  S: {Type: AWS::Kinesis::Stream, DeletionPolicy: Retain, Properties: {ShardCount: 1}}
  Q: {Type: AWS::SQS::Queue, DeletionPolicy: Retain}
"""
EXPORTING = LOGS % 7 + "\nOutputs: {L: {Value: !Ref L, Export: {Name: churn-Logs}}}"
IMPORTING = "Resources: {T: {Type: AWS::SNS::Topic, Properties: {DisplayName: !ImportValue %s}}}"


def key_states(bench: Any) -> list[str]:
    kms = bench.client("kms")
    return [
        kms.describe_key(KeyId=each["KeyId"])["KeyMetadata"]["KeyState"]
        for each in kms.list_keys()["Keys"]
    ]


def left(bench: Any) -> list[Any]:
    """What is in the account beside keys."""
    lists = (
        ("s3", "list_buckets", "Buckets"),
        ("logs", "describe_log_groups", "logGroups"),
        ("sagemaker", "list_model_package_groups", "ModelPackageGroupSummaryList"),
        ("dynamodb", "list_tables", "TableNames"),
        ("kinesis", "list_streams", "StreamNames"),
        ("sqs", "list_queues", "QueueUrls"),
        ("sns", "list_topics", "Topics"),
        ("cloudformation", "describe_stacks", "Stacks"),
    )
    return [
        each
        for service, operation, member in lists
        for each in getattr(bench.client(service), operation)().get(member, ())
    ]


def ids(bench: Any, name: str = "demo") -> dict[str, str]:
    told = bench.client("cloudformation").describe_stack_resources(StackName=name)
    return {
        each["LogicalResourceId"]: each["PhysicalResourceId"] for each in told["StackResources"]
    }


def fill(bench: Any) -> None:
    """Write something into everything that holds data."""
    found = ids(bench)
    s3 = bench.client("s3")
    for number in range(3):
        s3.put_object(Bucket=found["B"], Key="a", Body=str(number).encode())
    s3.delete_object(Bucket=found["B"], Key="a")
    bench.client("logs").create_log_stream(logGroupName=found["L"], logStreamName="s")
    bench.client("sagemaker").create_model_package(ModelPackageGroupName="churn")
    bench.client("dynamodb").put_item(TableName=found["T"], Item={"id": {"S": "1"}})
    bench.client("kinesis").put_record(StreamName=found["S"], Data=b"x", PartitionKey="1")
    bench.client("sqs").send_message(QueueUrl=found["Q"], MessageBody="x")


def test_a_new_stack_goes(bench: Any) -> None:
    bench.deploy(LOGS % 7)
    assert bench.undo().fate is Fate.UNDONE
    assert left(bench) == []
    back = bench.journal.intents[-1]
    assert (back.undoes, back.after, bench.outcome()) == (1, None, "did")
    assert bench.undo().fate is Fate.WAS_SO


def test_an_update_goes_back(bench: Any) -> None:
    template = "Parameters: {Days: {Type: Number}}\n" + LOGS % "!Ref Days"
    bench.deploy(template, parameters={"Days": "7"}, tags={"mlaudit:workload": "churn"})
    before = bench.change(template, parameters={"Days": "7"})[0].before
    bench.deploy(LOGS % 14, tags={"mlaudit:workload": "churn", "stage": "new"})
    assert bench.undo().fate is Fate.UNDONE
    assert bench.change(template, parameters={"Days": "7"})[0].before == before
    (stack,) = bench.client("cloudformation").describe_stacks()["Stacks"]
    assert stack["Tags"] == [{"Key": "mlaudit:workload", "Value": "churn"}]
    assert bench.undo().fate is Fate.WAS_SO


def test_what_an_update_added_and_keeps_goes_too(bench: Any) -> None:
    bench.deploy("Resources: {T: {Type: AWS::SNS::Topic}}")
    bench.deploy("Resources: {T: {Type: AWS::SNS::Topic}, "
                 "L: {Type: AWS::Logs::LogGroup, DeletionPolicy: Retain}}")  # fmt: skip
    assert bench.undo().fate is Fate.UNDONE
    assert bench.log_groups() == []


def test_going_back_does_not_delete_data_unasked(bench: Any) -> None:
    bench.deploy("Resources: {T: {Type: AWS::SNS::Topic}}")
    bench.deploy("Resources: {T: {Type: AWS::SNS::Topic}, B: {Type: AWS::S3::Bucket}}")
    told = bench.undo()
    assert told.fate is Fate.KEPT
    assert "which holds data, would be deleted" in told.why
    assert bench.undo(delete_data=True).fate is Fate.UNDONE


def test_what_must_not_be_seen_stays_as_it_is(bench: Any) -> None:
    template = (
        "Parameters: {Secret: {Type: String, NoEcho: true}}\n"
        "Resources: {P: {Type: AWS::SSM::Parameter, Properties: {Name: /p, Type: String, "
        "Value: !Ref Secret}}%s}"
    )
    bench.deploy(template % "", parameters={"Secret": "hush"})
    bench.deploy(template % ", T: {Type: AWS::SNS::Topic}", parameters={"Secret": "hush"})
    assert "hush" not in str(bench.journal.entries)
    assert bench.undo().fate is Fate.UNDONE
    value = bench.client("ssm").get_parameter(Name="/p")["Parameter"]["Value"]
    assert value == "hush"


def test_what_holds_nothing_goes_with_all_that_its_template_keeps(bench: Any) -> None:
    bench.deploy(KEEPING)
    assert bench.undo().fate is Fate.UNDONE
    assert (left(bench), key_states(bench)) == ([], ["PendingDeletion"])
    assert any("(AWS::KMS::Key) deleted, for good in 30 days" in line for line in bench.told)


def test_what_holds_data_is_kept_and_named(bench: Any) -> None:
    bench.deploy(KEEPING)
    fill(bench)
    before = left(bench)
    told = bench.undo()
    found = ids(bench)
    assert told.fate is Fate.KEPT
    for holding in (
        f"the bucket {found['B']} holds 4 object versions",
        f"the log group {found['L']} holds log streams",
        f"the model package group {found['M']} holds 1 model version",
        f"the table {found['T']} holds 1 item",
        f"the stream {found['S']} holds records",
        f"the queue {found['Q']} holds 1 message",
    ):
        assert holding in told.why
    assert (left(bench), bench.status()) == (before, "CREATE_COMPLETE")
    assert bench.journal.intents[-1].undoes is None


def test_data_goes_when_that_is_asked_for(bench: Any) -> None:
    bench.deploy(KEEPING)
    fill(bench)
    found = ids(bench)
    bucket, group = found["B"], found["M"]
    assert bench.undo(delete_data=True).fate is Fate.UNDONE
    assert left(bench) == []
    assert f"the bucket {bucket} emptied: 4 deleted" in bench.told
    assert f"the model package group {group} emptied: 1 deleted" in bench.told
    assert f"demo: the table {found['T']} goes with 1 item" in bench.told
    assert f"demo: the stream {found['S']} goes with records" in bench.told


def test_a_full_bucket_is_emptied_page_by_page(bench: Any) -> None:
    bench.deploy("Resources: {B: {Type: AWS::S3::Bucket}}")
    bucket = ids(bench)["B"]
    s3 = bench.client("s3")
    for number in range(7):
        s3.put_object(Bucket=bucket, Key=str(number), Body=b"")
    pages = 0

    def small(service: str, operation: str, params: Any) -> Any:
        nonlocal pages
        if operation == "ListObjectVersions":
            pages += 1
            params = {**params, "MaxKeys": 3}
        return bench.site.ask(service, operation, params)

    paged = replace(bench, site=replace(bench.site, ask=small))
    assert "holds 3 or more object versions" in paged.undo().why
    pages = 0
    assert paged.undo(delete_data=True).fate is Fate.UNDONE
    assert f"the bucket {bucket} emptied: 7 deleted" in bench.told
    assert pages == 4, "a look, and three pages"


def test_what_cannot_be_looked_into_is_not_empty(bench: Any) -> None:
    bench.deploy(KEEPING)
    with pytest.raises(RefusedError, match="AccessDenied"):
        bench.refusing("ListObjectVersions").undo()
    assert bench.status() == "CREATE_COMPLETE"


def test_a_stack_that_others_import_from_is_kept(bench: Any) -> None:
    bench.deploy(EXPORTING)
    bench.client("cloudformation").create_stack(
        StackName="user", TemplateBody=IMPORTING % "churn-Logs"
    )
    told = bench.undo(delete_data=True)
    assert told.fate is Fate.KEPT
    assert told.why == ("The stack demo was kept: user imports what it exports. Delete that first.")
    bench.client("cloudformation").delete_stack(StackName="user")
    assert bench.undo().fate is Fate.UNDONE


def test_a_stack_that_somebody_else_changed_is_left_alone(bench: Any) -> None:
    bench.deploy(LOGS % 7)
    bench.client("cloudformation").update_stack(
        StackName="demo",
        TemplateBody=LOGS % 14,
        Tags=[{"Key": "mlaudit:workload", "Value": "churn"}],
    )
    assert bench.undo().fate is Fate.CHANGED
    assert bench.status() == "UPDATE_COMPLETE"


PARAMETERS = [{"ParameterKey": "Days", "ParameterValue": "14"}]
VERSIONED = "Parameters: {Days: {Type: Number, Default: 7}}\n" + LOGS % "!Ref Days"


def test_a_stack_that_promotion_gave_another_version_goes(bench: Any) -> None:
    bench.deploy(VERSIONED)
    bench.client("cloudformation").update_stack(
        StackName="demo",
        UsePreviousTemplate=True,
        Parameters=PARAMETERS,
        Tags=[{"Key": "mlaudit:workload", "Value": "churn"}],
    )
    assert bench.undo().fate is Fate.UNDONE
    assert left(bench) == []


def test_an_updated_stack_that_is_gone_is_left_alone(bench: Any) -> None:
    bench.deploy(LOGS % 7)
    bench.deploy(LOGS % 14)
    bench.client("cloudformation").delete_stack(StackName="demo")
    assert bench.undo().why == "The stack demo is gone."


def test_a_stack_that_is_being_changed_is_not_touched(bench: Any) -> None:
    bench.deploy(LOGS % 7)

    def busy(service: str, operation: str, params: Any) -> Any:
        answer = bench.site.ask(service, operation, params)
        if operation == "DescribeStacks":
            (stack,) = answer["Stacks"]
            return {"Stacks": [{**stack, "StackStatus": "UPDATE_IN_PROGRESS"}]}
        return answer

    with pytest.raises(NotReadyError, match=r"is in UPDATE_IN_PROGRESS\. Try again later"):
        replace(bench, site=replace(bench.site, ask=busy)).undo()


def test_a_deletion_that_fails_is_told_and_repeated(bench: Any) -> None:
    bench.deploy("Resources: {B: {Type: AWS::S3::Bucket}, T: {Type: AWS::SNS::Topic}}")
    bucket = ids(bench)["B"]
    s3 = bench.client("s3")

    def late(service: str, operation: str, params: Any) -> Any:
        """Somebody writes into the bucket when nobody looks any more."""
        if operation == "DeleteStack":
            s3.put_object(Bucket=bucket, Key="late", Body=b"x")
        return bench.site.ask(service, operation, params)

    with pytest.raises(FailedError, match=r"demo was not deleted \(DELETE_FAILED\): B .*not empty"):
        replace(bench, site=replace(bench.site, ask=late)).undo()
    assert (bench.status(), bench.outcome()) == ("DELETE_FAILED", "failed")
    assert bench.undo().fate is Fate.KEPT
    assert bench.undo(delete_data=True).fate is Fate.UNDONE
    assert left(bench) == []


def test_an_undoing_that_stops_between_a_stack_and_what_it_keeps_is_completed(bench: Any) -> None:
    bench.deploy(KEEPING)
    with pytest.raises(RefusedError):
        bench.refusing("DeleteTable").undo()
    assert (bench.status(), bench.outcome()) == ("", "failed")
    assert left(bench) != []
    assert bench.undo().fate is Fate.UNDONE
    assert left(bench) == []
    assert bench.undo().fate is Fate.WAS_SO


def test_a_deletion_that_an_earlier_attempt_began_is_waited_for(bench: Any) -> None:
    bench.deploy(LOGS % 7)
    looks = 0

    def slow(service: str, operation: str, params: Any) -> Any:
        """The stack is being deleted for a while, whoever asks."""
        nonlocal looks
        answer = bench.site.ask(service, operation, params)
        if operation == "DescribeStacks" and bench.outcome() == "failed" and looks < 3:
            looks += 1
            (stack,) = answer["Stacks"]
            return {"Stacks": [{**stack, "StackStatus": "DELETE_IN_PROGRESS"}]}
        return answer

    with pytest.raises(RefusedError):
        bench.refusing("DeleteStack").undo()
    pauses: list[float] = []
    patience = replace(bench.site.patience, sleep=pauses.append)
    site = replace(bench.site, ask=slow, patience=patience)
    assert replace(bench, site=site).undo().fate is Fate.UNDONE
    assert (looks, pauses) == (3, [1.0, 1.5])


def test_data_that_came_late_into_what_is_kept_stays(bench: Any) -> None:
    bench.deploy(KEEPING)
    found = ids(bench)
    with pytest.raises(RefusedError):
        bench.refusing("DeleteBucket").undo()
    bench.client("s3").put_object(Bucket=found["B"], Key="late", Body=b"x")
    with pytest.raises(FailedError, match=f"the bucket {found['B']} holds 1 object version"):
        bench.undo()
    assert bench.undo(delete_data=True).fate is Fate.UNDONE
    assert left(bench) == []


def test_an_interrupted_undoing_is_looked_at(bench: Any) -> None:
    bench.deploy(LOGS % 7)
    bench.undo()
    back: Intent = bench.journal.intents[-1]
    bench.journal.intends(back)
    settled(bench.journal.intents[-1], bench.site, bench.journal)
    assert bench.outcome() == "did"


@pytest.mark.parametrize("after", ["CreateChangeSet", "ExecuteChangeSet"])
def test_what_was_interrupted_is_settled_and_taken_back(bench: Any, after: str) -> None:
    class KilledError(BaseException):
        """The process is gone."""

    def killing(service: str, operation: str, params: Any) -> Any:
        answer = bench.site.ask(service, operation, params)
        if operation == after:
            raise KilledError
        return answer

    with pytest.raises(KilledError):
        replace(bench, site=replace(bench.site, ask=killing)).deploy(LOGS % 7)
    assert bench.outcome() == ""
    expected = Fate.WAS_SO if after == "CreateChangeSet" else Fate.UNDONE
    assert bench.undo().fate is expected
    assert left(bench) == []


def test_what_failed_here_and_somebody_else_made_stays(bench: Any) -> None:
    with pytest.raises(RefusedError):
        bench.refusing("ExecuteChangeSet").deploy(LOGS % 7)
    failed = bench.journal.intents[-1]
    bench.deploy(LOGS % 7)
    assert bench.undo(failed).fate is Fate.CHANGED
    assert bench.status() == "CREATE_COMPLETE"


def test_an_update_that_failed_here_and_somebody_else_made_stays(bench: Any) -> None:
    bench.deploy(LOGS % 7)
    with pytest.raises(RefusedError):
        bench.refusing("ExecuteChangeSet").deploy(LOGS % 14)
    failed = bench.journal.intents[-1]
    bench.deploy(LOGS % 14)
    assert bench.undo(failed).fate is Fate.CHANGED
    assert bench.journal.intents[-1].undoes is None


def test_what_others_have_under_review_stays(bench: Any) -> None:
    """Their change set is theirs, also when one of ours was to make the same stack."""
    bench.deploy(LOGS % 7)
    done = bench.journal.intents[-1]
    bench.undo()
    bench.client("cloudformation").create_change_set(
        StackName="demo", ChangeSetName="theirs", TemplateBody=LOGS % 7, ChangeSetType="CREATE"
    )
    number = bench.journal.intends(done)
    assert bench.undo(replace(done, number=number)).fate is Fate.WAS_SO
    with pytest.raises(RefusedError):
        bench.refusing("ExecuteChangeSet").deploy(LOGS % 14)
    assert bench.change_sets() == ["theirs"]


def test_an_update_that_was_never_begun_is_settled(bench: Any) -> None:
    bench.deploy(LOGS % 7)
    bench.deploy(LOGS % 14)
    bench.undo()
    done = bench.journal.intents[1]
    bench.journal.intends(done)
    settled(bench.journal.intents[-1], bench.site, bench.journal)
    assert bench.journal.outcome(len(bench.journal.intents)).why == "it was not begun"


def test_what_a_killed_creation_left_is_cleared_away(bench: Any) -> None:
    failing = (
        "Resources: {L: {Type: AWS::Logs::LogGroup}, B: {Type: AWS::SSM::Parameter, DependsOn: L, "
        "Properties: {Name: aws-bad, Type: String, Value: x}}}"
    )

    def killing(service: str, operation: str, params: Any) -> Any:
        answer = bench.site.ask(service, operation, params)
        if operation == "ExecuteChangeSet":
            raise KeyboardInterrupt
        return answer

    with pytest.raises(KeyboardInterrupt):
        replace(bench, site=replace(bench.site, ask=killing)).deploy(failing)
    assert bench.status() == "ROLLBACK_COMPLETE"
    settled(bench.journal.intents[-1], bench.site, bench.journal)
    assert bench.status() == ""
    assert "could not be created: B (AWS::SSM::Parameter)" in bench.journal.outcome(1).why
