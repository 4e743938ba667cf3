"""What becomes of replies about delivery pipelines, their executions and runbooks."""

from datetime import UTC, datetime
from typing import Any

from mlaudit.collect import delivery
from mlaudit.model import Gap, GapReason
from mlaudit.resources import DeliveryAction, DeliveryPipeline, DeliveryRun, ResourceTags, Runbook
from mlaudit.testing import build

ARN = "arn:aws:codepipeline:eu-west-1:111122223333:release"
TAGS = build(ResourceTags, arn=ARN, tags={"workload": "fraud"})
DENIED = Gap("", "", "AccessDenied", GapReason.DENIED)
PIPELINE = build(DeliveryPipeline, "release", arn=ARN)

PLACE = {"StackName": "s", "Role": "arn:aws:iam::999999999999:role/deploy"}


def action(name: str, category: str, order: int, **configuration: str) -> dict[str, Any]:
    kind = {"category": category, "owner": "AWS", "provider": "CodeBuild", "version": "1"}
    return {
        "name": name, "actionTypeId": kind, "runOrder": order, "configuration": configuration,
        **({"roleArn": configuration["Role"]} if "Role" in configuration else {}),
    }  # fmt: skip


def test_actions_are_read_in_the_order_they_run(reader_of: Any, answers: Any) -> None:
    stages = [
        {"name": "A", "actions": [action("two", "Test", 2, ProjectName="p", Token="hunter2")]},
        {"name": "B", "actions": [action("b", "Approval", 2), action("a", "Deploy", 1, **PLACE)]},
    ]
    record = {
        "pipeline": {"name": "release", "stages": stages},
        "metadata": {"pipelineArn": ARN},
    }
    api = answers(ListPipelines={"pipelines": [{"name": "release"}]}, GetPipeline=record)
    (found,) = delivery.delivery_pipelines.run(reader_of(api), [TAGS])
    assert isinstance(found, DeliveryPipeline)
    assert (found.arn, found.name, found.tags) == (ARN, "release", {"workload": "fraud"})
    assert found.actions == (
        DeliveryAction("A", "two", "test", "CodeBuild", "p", None, None),
        DeliveryAction("B", "a", "deploy", "CodeBuild", None, "s", "999999999999"),
        DeliveryAction("B", "b", "approval", "CodeBuild", None, None, None),
    )
    assert "hunter2" not in repr(found)


def test_only_executions_of_the_window_are_read(reader_of: Any, answers: Any) -> None:
    def run(number: int, day: int) -> dict[str, Any]:
        then = datetime(2026, 5, day, 9, tzinfo=UTC) if day else datetime(2025, 1, 1, tzinfo=UTC)
        return {
            "pipelineExecutionId": str(number), "status": "Succeeded", "startTime": then,
            "lastUpdateTime": then, **({"trigger": {"triggerType": "WebhookV2"}} if day else {}),
        }  # fmt: skip

    api = answers(ListPipelineExecutions={"pipelineExecutionSummaries": [run(2, 20), run(1, 0)]})
    (found,) = delivery.delivery_runs.run(reader_of(api), [PIPELINE])
    assert isinstance(found, DeliveryRun)
    assert (found.arn, found.pipeline_arn, found.status) == (f"{ARN}#2", ARN, "Succeeded")
    assert (found.trigger, found.started_at.day) == ("WebhookV2", 20)


def test_executions_that_are_denied_are_a_gap_of_the_pipeline(reader_of: Any, answers: Any) -> None:
    reader = reader_of(answers(ListPipelineExecutions=DENIED))
    assert list(delivery.delivery_runs.run(reader, [PIPELINE])) == []
    assert [gap.subject for gap in reader.ledger.gaps] == [ARN]


def test_documents_are_asked_for_where_one_is_tagged(reader_of: Any, answers: Any) -> None:
    arn = "arn:aws:ssm:eu-west-1:111122223333:document/promote"
    tags = build(ResourceTags, arn=arn, tags={"workload": "fraud"})
    listed = {"DocumentIdentifiers": [{"Name": "promote"}, {"Name": "another"}]}
    (found,) = delivery.runbooks.run(reader_of(answers(ListDocuments=listed)), [TAGS, tags])
    assert found == build(Runbook, "promote", arn=arn, tags={"workload": "fraud"})
    api = answers(ListDocuments=listed)
    assert list(delivery.runbooks.run(reader_of(api), [TAGS])) == []
    assert api.asked == []
