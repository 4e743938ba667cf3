"""Refusals, identities and isolation, as any client sees them."""

from __future__ import annotations

import urllib.error
import urllib.request
from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mlaudit.emulator import EmulatedAccount, emulated_account, services
from mlaudit.emulator.cloud import Call, Cloud
from mlaudit.emulator.errors import ImpossibleReplyError

Clients = Callable[..., Any]

UNKNOWN_CODE = "UnknownOperationException"
# One operation without a handler for each protocol, and what AWS answers to it.
UNKNOWN = [
    ("ce", "get_anomalies", {"DateInterval": {"StartDate": "2026-01-01"}}, 400, UNKNOWN_CODE),
    ("codecommit", "list_repositories", {}, 400, UNKNOWN_CODE),
    ("sagemaker", "list_lineage_groups", {}, 400, UNKNOWN_CODE),
    ("iam", "get_service_last_accessed_details", {"JobId": "j" * 36}, 400, "InvalidAction"),
    ("sns", "get_data_protection_policy", {"ResourceArn": "a"}, 400, "InvalidAction"),
    ("lambda", "get_function_recursion_config", {"FunctionName": "f"}, 404, UNKNOWN_CODE),
    ("batch", "describe_consumable_resource", {"consumableResource": "x"}, 404, UNKNOWN_CODE),
    ("s3", "list_bucket_metrics_configurations", {"Bucket": "bucket"}, 501, "NotImplemented"),
    ("pricing", "describe_services", {}, 400, UNKNOWN_CODE),
    ("accessanalyzer", "list_analyzers", {}, 404, UNKNOWN_CODE),
    ("codeconnections", "list_hosts", {}, 400, UNKNOWN_CODE),
]  # fmt: skip


@pytest.mark.parametrize("case", UNKNOWN, ids=lambda case: f"{case[0]}-{case[1]}")
def test_an_unknown_operation_is_refused_as_aws_refuses_it(
    client: Clients, case: tuple[str, str, dict[str, Any], int, str]
) -> None:
    service, operation, params, status, code = case
    if service == "s3":
        client("s3").create_bucket(Bucket="bucket")
    with pytest.raises(ClientError) as refused:
        getattr(client(service), operation)(**params)
    assert refused.value.response["Error"]["Code"] == code
    metadata = refused.value.response["ResponseMetadata"]
    assert metadata["HTTPStatusCode"] == status
    assert metadata["RequestId"]


def test_a_request_that_is_not_signed_is_refused(account: EmulatedAccount) -> None:
    with pytest.raises(urllib.error.HTTPError) as refused:
        urllib.request.urlopen(account.endpoint_url)  # noqa: S310 - loopback
    assert refused.value.code == 404
    refused.value.close()


def test_every_reply_has_a_request_id(client: Clients) -> None:
    for service, operation in (
        ("sagemaker", "list_models"),
        ("sts", "get_caller_identity"),
        ("batch", "describe_job_queues"),
        ("s3", "list_buckets"),
        ("cloudwatch", "describe_alarms"),
        ("logs", "describe_log_groups"),
        ("lambda", "list_functions"),
    ):
        answer = getattr(client(service), operation)()
        assert answer["ResponseMetadata"]["RequestId"], service


def test_invalid_input_is_refused_with_the_words_of_the_service(client: Clients) -> None:
    from botocore.config import Config  # noqa: PLC0415 - only this test turns validation off

    unchecked = client(
        "sagemaker", config=Config(parameter_validation=False, retries={"total_max_attempts": 1})
    )
    for params, words in (
        ({}, "Value null at 'modelName'"),
        ({"ModelName": "not valid!"}, "regular expression pattern"),
        ({"ModelName": "m" * 64}, "length less than or equal to 63"),
        ({"ModelName": "m", "InferenceExecutionConfig": {"Mode": "Both"}}, "enum value set"),
    ):
        with pytest.raises(ClientError, match=words) as refused:
            unchecked.create_model(**params)
        assert refused.value.response["Error"]["Code"] == "ValidationException"


def test_a_reply_that_aws_cannot_give_is_never_sent() -> None:
    handlers = {"sagemaker": {"DescribeModel": lambda _: {"ModelName": "m"}}}
    now = datetime(2026, 1, 1, tzinfo=UTC)
    cloud = Cloud(handlers, frozenset(handlers), lambda: now)
    call = Call(
        cloud, "sagemaker", "DescribeModel", {"ModelName": "m"}, "1" * 12, "us-east-1", now, {}
    )
    with pytest.raises(ImpossibleReplyError, match="creationTime"):
        cloud.invoke(call)


def test_accounts_and_regions_do_not_see_each_other(client: Clients) -> None:
    client("sagemaker").create_experiment(ExperimentName="here")
    elsewhere = client("sagemaker", region_name="eu-west-1")
    assert elsewhere.list_experiments()["ExperimentSummaries"] == []
    role = "arn:aws:iam::222222222222:role/audit"
    keys = client("sts").assume_role(RoleArn=role, RoleSessionName="audit")["Credentials"]
    other = {
        "aws_access_key_id": keys["AccessKeyId"],
        "aws_secret_access_key": keys["SecretAccessKey"],
        "aws_session_token": keys["SessionToken"],
    }
    assert client("sts", **other).get_caller_identity()["Account"] == "222222222222"
    theirs = client("sagemaker", **other)
    assert theirs.list_experiments()["ExperimentSummaries"] == []
    arn = theirs.create_experiment(ExperimentName="there")["ExperimentArn"]
    assert ":222222222222:" in arn


def test_nothing_is_left_for_the_next_account(client: Clients) -> None:
    client("sagemaker").create_experiment(ExperimentName="left")
    client("s3").create_bucket(Bucket="left")


def test_the_next_account_is_empty(client: Clients) -> None:
    assert client("sagemaker").list_experiments()["ExperimentSummaries"] == []
    assert client("s3").list_buckets()["Buckets"] == []


def test_two_servers_of_one_process_do_not_see_each_other(
    account: EmulatedAccount, client_of: Clients
) -> None:
    def buckets(emulated: EmulatedAccount) -> list[str]:
        return [bucket["Name"] for bucket in client_of(emulated, "s3").list_buckets()["Buckets"]]

    client_of(account, "s3").create_bucket(Bucket="one")
    with emulated_account(None) as other:
        assert buckets(other) == []
        client_of(other, "s3").create_bucket(Bucket="two")
        client_of(other, "sagemaker").create_experiment(ExperimentName="two")
        assert (buckets(account), buckets(other)) == (["one"], ["two"])
        assert client_of(account, "sagemaker").list_experiments()["ExperimentSummaries"] == []
    assert buckets(account) == ["one"]


def test_the_identity_is_that_of_the_auditor(client: Clients) -> None:
    identity = client("sts").get_caller_identity()
    assert identity["Arn"] == "arn:aws:iam::123456789012:user/mlaudit"


def test_services_answered_here_are_whole_but_for_those_moto_mostly_answers() -> None:
    assert set(services.HANDLERS) - services.WHOLE == {
        "apigateway",
        "athena",
        "budgets",
        "cloudtrail",
        "cloudwatch",
        "glue",
        "lambda",
        "logs",
        "sns",
        "xray",
    }


def test_the_present_of_an_account_can_move(client_of: Clients) -> None:
    moments = [datetime(2026, 1, 1, tzinfo=UTC)]
    with emulated_account(None, now=lambda: moments[-1]) as emulated:
        sagemaker = client_of(emulated, "sagemaker")
        sagemaker.create_experiment(ExperimentName="first")
        moments.append(datetime(2026, 2, 1, tzinfo=UTC))
        sagemaker.create_experiment(ExperimentName="second")
        found = sagemaker.list_experiments(SortBy="CreationTime", SortOrder="Ascending")
    assert [each["CreationTime"] for each in found["ExperimentSummaries"]] == moments
