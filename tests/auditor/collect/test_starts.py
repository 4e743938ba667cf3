"""Who started runs, when rules set off their targets, and who hears of new objects."""

import json
from datetime import UTC, datetime
from typing import Any

import pytest

from mlaudit.collect import events, starts
from mlaudit.collect.values import unqualified
from mlaudit.resources import (
    Bucket,
    FeatureGroup,
    Function,
    Pipe,
    PipelineRun,
    RuleUse,
    RunStart,
    StateMachine,
    Trigger,
)
from mlaudit.testing import arn_of, build

THEN = datetime(2026, 5, 20, 10, tzinfo=UTC)
RUN, STARTER = build(PipelineRun), build(Function, "starter")
CALLED = f"{STARTER.arn}:live"
HOST = '"webIdFederationData": {"federatedProvider": "arn:aws:iam::1:oidc-provider/git.example"}'
ASKED = '"requestParameters": {"pipelineName": "%s", "clientRequestToken": "hunter2"}'


def event(content: str, user: str = "starter") -> dict[str, Any]:
    return {
        "EventId": "1",
        "EventName": "StartPipelineExecution",
        "EventTime": THEN,
        "Username": user,
        "CloudTrailEvent": f"{{{content}}}",
    }


BY_NAME = event(ASKED % "Train")
BY_ARN = event(ASKED % "arn:aws:sagemaker:eu-west-1:123456789012:pipeline/train")
REFUSED = event(f'{ASKED % "Train"}, "errorCode": "AccessDenied"')
OUTSIDE = event(
    f'{ASKED % "Train"}, "userIdentity": {{"sessionContext": {{{HOST}}}}}', "GitHubActions"
)
BY_PIPE = event(
    f'{ASKED % "Train"}, "userIdentity": {{"invokedBy": "pipes.amazonaws.com"}}', "1c9b"
)
PERSON = event(ASKED % "Train", "ada@example.com")


@pytest.mark.parametrize(
    ("seen", "expected"),
    [
        (BY_NAME, [("train", "starter", False)]),
        (BY_ARN, [("train", "starter", False)]),
        (OUTSIDE, [("train", "git.example", True)]),
        (BY_PIPE, [("train", "pipes.amazonaws.com", False)]),
        (REFUSED, []),
        (PERSON, []),
    ],
)
def test_starts_by_programs_are_kept_and_those_by_people_are_not(
    seen: Any, expected: Any, reader_of: Any, answers: Any
) -> None:
    reader = reader_of(answers(LookupEvents={"Events": [seen]}))
    every = list(starts.run_starts.run(reader, [RUN], [STARTER]))
    found = [each for each in every if isinstance(each, RunStart) and each.at == THEN]
    assert [(each.pipeline_name, each.program, each.outside) for each in found] == expected
    assert "hunter2" not in repr(found)


def test_a_start_of_a_delivery_pipeline_is_another_thing(reader_of: Any, answers: Any) -> None:
    content = json.dumps({"userIdentity": {}, "requestParameters": {"name": "release"}})
    other = {
        "EventId": "9",
        "EventTime": THEN,
        "EventSource": "codepipeline.amazonaws.com",
        "Username": STARTER.name,
        "CloudTrailEvent": content,
    }
    reader = reader_of(answers(LookupEvents={"Events": [other]}))
    assert list(starts.run_starts.run(reader, [RUN], [STARTER])) == []
    assert reader.ledger.gaps == []


def test_nobody_is_asked_who_started_what_never_ran(reader_of: Any, answers: Any) -> None:
    api = answers()
    assert list(starts.run_starts.run(reader_of(api), [], [STARTER])) == []
    assert api.asked == []


@pytest.mark.parametrize(("state", "enabled"), [("RUNNING", True), ("STOPPED", False)])
def test_a_pipe_tells_what_it_brings_where(
    state: str,
    enabled: bool,  # noqa: FBT001 - a table
    reader_of: Any,
    answers: Any,
) -> None:
    record = {
        "Arn": "arn:pipe",
        "Name": "p",
        "DesiredState": state,
        "Source": "arn:aws:sqs:eu-west-1:1:q",
        "Target": CALLED,
    }
    reader = reader_of(answers(ListPipes={"Pipes": [record]}))
    (found,) = starts.pipes.run(reader)
    assert isinstance(found, Pipe)
    assert (found.source_arn, found.target_arn) == ("arn:aws:sqs:eu-west-1:1:q", STARTER.arn)
    assert (found.enabled, found.enrichment_arn) == (enabled, None)


def test_a_pipe_tells_what_it_asks_on_the_way(reader_of: Any, answers: Any) -> None:
    record = {
        "Arn": "arn:pipe",
        "Name": "p",
        "DesiredState": "RUNNING",
        "Source": "arn:aws:kinesis:eu-west-1:1:stream/s",
        "Enrichment": CALLED,
        "Target": "arn:aws:sqs:eu-west-1:1:q",
    }
    reader = reader_of(answers(ListPipes={"Pipes": [record]}))
    (found,) = starts.pipes.run(reader)
    assert isinstance(found, Pipe)
    assert found.enrichment_arn == STARTER.arn


def rule(name: str = "on-data", **values: Any) -> Trigger:
    usual = {"pattern": "{}", "targets": (STARTER.arn,)}
    return build(Trigger, name, **{**usual, **values})


def metrics(*values: float) -> Any:
    moments = [datetime(2026, 5, 20, 10 + at, tzinfo=UTC) for at in range(len(values))]
    result = {"Id": "m0", "StatusCode": "Complete", "Timestamps": moments, "Values": [*values]}
    return {"MetricDataResults": [result]}


def test_a_rule_was_used_in_the_hours_in_which_it_set_something_off(
    reader_of: Any, answers: Any
) -> None:
    reader = reader_of(answers(GetMetricData=metrics(2.0, 0.0)))
    (found,) = starts.rule_uses.run(reader, [rule()])
    assert isinstance(found, RuleUse)
    assert (found.trigger_arn, found.hours) == (arn_of(Trigger, "on-data"), (THEN,))


@pytest.mark.parametrize(
    "unasked",
    [
        rule(enabled=False),
        rule(pattern=None, schedule="rate(1 day)"),
        rule(targets=("arn:aws:sns:eu-west-1:123456789012:people",)),
    ],
)
def test_only_rules_on_events_that_may_start_training_are_asked_for(
    unasked: Trigger, reader_of: Any, answers: Any
) -> None:
    api = answers()
    assert list(starts.rule_uses.run(reader_of(api), [unasked])) == []
    assert api.asked == []


@pytest.mark.parametrize(
    ("arn", "names"),
    [
        (arn_of(Trigger, "on-data"), ["RuleName=on-data"]),
        (arn_of(Trigger, "ml/on-data"), ["EventBusName=ml", "RuleName=on-data"]),
    ],
)
def test_a_rule_is_told_apart_by_its_bus(
    arn: str, names: list[str], reader_of: Any, answers: Any
) -> None:
    asked: list[str] = []

    def remembered(params: Any) -> Any:
        metric = params["MetricDataQueries"][0]["MetricStat"]["Metric"]
        asked.extend(f"{each['Name']}={each['Value']}" for each in metric["Dimensions"])
        return metrics()

    reader = reader_of(answers(GetMetricData=remembered))
    list(starts.rule_uses.run(reader, [rule(arn=arn)]))
    assert asked == names


@pytest.mark.parametrize(
    ("notification", "notifies"),
    [
        (
            {
                "LambdaFunctionConfigurations": [
                    {"LambdaFunctionArn": CALLED, "Events": ["s3:ObjectCreated:*"]}
                ]
            },
            (STARTER.arn,),
        ),
        ({"QueueConfigurations": [{"QueueArn": "q", "Events": ["s3:ObjectCreated:Put"]}]}, ("q",)),
        ({"TopicConfigurations": [{"TopicArn": "t", "Events": ["s3:ObjectRemoved:*"]}]}, ()),
        ({"EventBridgeConfiguration": {}}, ()),
    ],
    ids=str,
)
def test_a_bucket_tells_who_hears_of_new_objects(
    notification: Any, notifies: tuple[str, ...], reader_of: Any, answers: Any
) -> None:
    reader = reader_of(answers(GetBucketNotificationConfiguration=notification))
    group = build(FeatureGroup, offline_uri="s3://lake/features")
    (bucket,) = events.buckets.run(reader, [], [], [], [group])
    assert isinstance(bucket, Bucket)
    assert bucket.notifies == notifies


def test_a_schedule_that_calls_any_api_tells_which_function_it_calls(
    reader_of: Any, answers: Any
) -> None:
    api = "arn:aws:scheduler:::aws-sdk:lambda:invoke"
    summary = {"Name": "s", "Arn": "arn:aws:scheduler:eu-west-1:123456789012:schedule/d/s"}
    target = {"Arn": api, "Input": '{"FunctionName": "starter:live", "Payload": "hunter2"}'}
    record = {"State": "ENABLED", "ScheduleExpression": "rate(7 days)", "Target": target}
    listed = {"Schedules": [{**summary, "Target": {"Arn": api}}]}
    reader = reader_of(answers(ListSchedules=listed, GetSchedule=record))
    (found,) = events.schedules.run(reader, [])
    assert isinstance(found, Trigger)
    assert found.targets == (api, STARTER.arn)


MACHINE = arn_of(StateMachine, "m")


@pytest.mark.parametrize(
    ("arn", "expected"),
    [
        (CALLED, STARTER.arn),
        (STARTER.arn, STARTER.arn),
        (f"{MACHINE}:prod", MACHINE),
        ("arn:aws:scheduler:::aws-sdk:sagemaker:startPipelineExecution", None),
    ],
)
def test_functions_and_machines_are_known_without_version(arn: str, expected: str | None) -> None:
    assert unqualified(arn) == (expected or arn)
