"""The Lambda function as a whole: its environment, and one event with all that is around it."""

from __future__ import annotations

import base64
import io
import json
import os
import subprocess
import sys
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import boto3
import pytest

from mlaudit_reference.container.streaming import consumer
from mlaudit_reference.container.streaming.consumer import Settings, SettingsError
from mlaudit_reference.container.streaming.processing import Plan
from mlaudit_reference.container.streaming.records import Rules
from mlaudit_reference.container.streaming.scoring import Batching

Clients = Callable[[str], Any]

NEEDED = {
    "ENDPOINT_NAME": "credit",
    "OUTPUT_STREAM": "scores",
    "LEDGER_TABLE": "ledger",
    "FAILURE_QUEUE_URL": "https://queue",
    "RECORD_ID_FIELD": "application_id",
}


@dataclass(frozen=True)
class Context:
    aws_request_id: str = "request"

    def get_remaining_time_in_millis(self) -> int:
        return 30_000


def test_what_the_environment_says() -> None:
    found = Settings.of(
        NEEDED
        | {"REQUIRED_FIELDS": "income, purpose,", "BATCH_RECORDS": "7", "LEDGER_DAYS": "2"}
        | {"INFERENCE_COMPONENT": "one"}
    )
    rules = Rules("application_id", ("income", "purpose"))
    assert found == Settings(
        "credit", "scores", "ledger", "https://queue", Plan(rules, Batching(7)), 4, 172_800, "one"
    )
    assert Settings.of(NEEDED).kept == 8 * 86_400


@pytest.mark.parametrize("name", NEEDED)
def test_what_must_be_set(name: str) -> None:
    with pytest.raises(SettingsError, match=f"{name} is not set"):
        Settings.of({**NEEDED, name: ""})


@pytest.mark.parametrize("text", ["0", "-1", "1.5", "many", ""])
def test_a_number_that_is_none(text: str) -> None:
    with pytest.raises(SettingsError, match="ATTEMPTS must be a whole number above 0"):
        Settings.of({**NEEDED, "ATTEMPTS": text})


class Runtime:
    """Answers with what the records hold."""

    def __init__(self) -> None:
        self.asked: list[Mapping[str, Any]] = []

    def invoke_endpoint(self, **request: Any) -> Mapping[str, Any]:
        self.asked.append(request)
        records = [json.loads(each) for each in request["Body"].splitlines()]
        body = json.dumps({"predictions": [each["income"] / 10 for each in records]})
        return {"Body": io.BytesIO(body.encode())}


def event(*payloads: bytes) -> dict[str, Any]:
    return {
        "Records": [
            {
                "eventSource": "aws:kinesis",
                "eventSourceARN": "arn:aws:kinesis:eu-west-1:123456789012:stream/s",
                "eventID": f"shardId-000000000000:{place}",
                "kinesis": {
                    "sequenceNumber": str(place),
                    "data": base64.b64encode(each).decode(),
                    "approximateArrivalTimestamp": 1.0,
                },
            }
            for place, each in enumerate(payloads)
        ]
    }


@pytest.fixture
def runtime(
    clients: Clients, table: str, stream: str, queue: str, monkeypatch: pytest.MonkeyPatch
) -> Runtime:
    """The endpoint of a function whose other services are emulated."""
    runtime = Runtime()
    found = {each: clients(each) for each in ("dynamodb", "kinesis", "sqs")}
    found["sagemaker-runtime"] = runtime
    monkeypatch.setattr(boto3, "client", lambda service, **_: found[service])
    environment = NEEDED | {"LEDGER_TABLE": table, "OUTPUT_STREAM": stream}
    for name, value in (environment | {"FAILURE_QUEUE_URL": queue}).items():
        monkeypatch.setenv(name, value)
    monkeypatch.setenv("_X_AMZN_TRACE_ID", "Root=1-5759e988-bd862e3fe1be46a994272793;Sampled=1")
    consumer._function.cache_clear()  # noqa: SLF001 - made once for the life of a process
    return runtime


def test_an_event_from_the_source_to_the_output(
    clients: Clients,
    stream: str,
    queue: str,
    runtime: Runtime,
    capsys: pytest.CaptureFixture[str],
) -> None:
    good = json.dumps({"application_id": "a-1", "income": 5, "trace_id": "t-1"}).encode()
    assert consumer.handle(event(good, b"no JSON", good), Context()) == {"batchItemFailures": []}
    assert consumer.handle(event(good, b"no JSON"), Context()) == {"batchItemFailures": []}

    assert len(runtime.asked) == 1
    trace = "1-5759e988-bd862e3fe1be46a994272793"
    assert runtime.asked[0]["CustomAttributes"] == f"trace_id={trace}"

    assert [json.loads(each["Data"]) for each in records_of(clients, stream)] == [
        {
            "record_id": "a-1",
            "prediction": 0.5,
            "trace_id": "t-1",
            "request_trace_id": trace,
            "position": "arn:aws:kinesis:eu-west-1:123456789012:stream/s/shardId-000000000000:0",
            "arrived": 1.0,
        }
    ]
    answer = clients("sqs").receive_message(QueueUrl=queue, MaxNumberOfMessages=10)
    assert [json.loads(each["Body"])["reason"] for each in answer["Messages"]] == ["it is no JSON"]

    lines = [json.loads(each) for each in capsys.readouterr().out.splitlines()]
    assert [each["event"] for each in lines] == ["answered", "rejected", "answered"]
    assert lines[0] | {"scored": 1, "known": 0} == lines[0]
    assert lines[2] | {"scored": 0, "known": 1} == lines[2]


def test_a_stream_that_takes_nothing_has_the_records_come_again(
    clients: Clients, stream: str, runtime: Runtime, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("OUTPUT_STREAM", "elsewhere")
    monkeypatch.setenv("ATTEMPTS", "1")
    good = json.dumps({"application_id": "b-1", "income": 5}).encode()
    failed = {"batchItemFailures": [{"itemIdentifier": "1"}]}
    assert consumer.handle(event(b"no JSON either", good), Context()) == failed
    monkeypatch.setenv("OUTPUT_STREAM", stream)
    consumer._function.cache_clear()  # noqa: SLF001
    assert consumer.handle(event(b"no JSON either", good), Context()) == {"batchItemFailures": []}
    assert len(records_of(clients, stream)) == 1
    assert len(runtime.asked) == 2


def test_the_function_needs_nothing_that_lambda_does_not_bring() -> None:
    program = (
        "import sys\n"
        "import mlaudit_reference.container.streaming.clients\n"
        "import mlaudit_reference.container.streaming.consumer\n"
        "print(*sorted({each.partition('.')[0] for each in sys.modules}))\n"
    )
    path = os.pathsep.join(sys.path)
    ended = subprocess.run(
        [sys.executable, "-S", "-c", program],
        env={"PYTHONPATH": path},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "boto3" in ended.stdout.split()
    assert not {"numpy", "yaml", "pydantic", "mlaudit"} & set(ended.stdout.split())


def records_of(clients: Clients, stream: str) -> Any:
    client = clients("kinesis")
    iterator = client.get_shard_iterator(
        StreamName=stream, ShardId="shardId-000000000000", ShardIteratorType="TRIM_HORIZON"
    )["ShardIterator"]
    return client.get_records(ShardIterator=iterator)["Records"]
