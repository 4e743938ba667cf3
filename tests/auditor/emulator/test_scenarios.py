"""Scenario files: what they can say, and what is said when they are wrong."""

from __future__ import annotations

import os
import subprocess
import sys
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from pathlib import Path
from textwrap import dedent
from typing import Any

import pytest
from botocore.exceptions import ClientError

from mlaudit.emulator import (
    EmulatedAccount,
    Scenario,
    ScenarioError,
    bundled_scenarios,
    emulated_account,
    load_scenario,
)
from mlaudit.emulator.placeholders import UnknownPlaceholderError, moment

NOW = datetime(2026, 3, 1, 12, tzinfo=UTC)
MakeClient = Callable[..., Any]


@pytest.fixture
def written(tmp_path: Path) -> Callable[[str], Scenario]:
    def load(text: str) -> Scenario:
        path = tmp_path / "own.yaml"
        path.write_text(dedent(text), encoding="utf-8")
        return load_scenario(str(path))

    return load


def test_the_bundled_scenarios_are_found_by_name() -> None:
    assert set(bundled_scenarios()) >= {"demo", "empty"}
    assert load_scenario("empty").calls == ()


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("calls: [", "own.yaml is not YAML"),
        ("colour: red", "own.yaml: colour: Extra inputs are not permitted"),
        ("account: '12'", "own.yaml: account: String should match pattern"),
        ("calls:\n  - call: sagemaker.CreateModel\n    white: {}", "own.yaml:2: call 1: white"),
        ("calls:\n\n  - call: nonsense", "own.yaml:3: call 1: call"),
        ("include: [missing.yaml]", "own.yaml includes missing.yaml, which does not exist"),
        ("include: [own.yaml]", "own.yaml includes itself"),
    ],
)
def test_a_wrong_file_is_explained(
    written: Callable[[str], Scenario], text: str, words: str
) -> None:
    with pytest.raises(ScenarioError) as wrong:
        written(text)
    assert words in str(wrong.value)


def test_a_scenario_that_does_not_exist_is_explained() -> None:
    with pytest.raises(ScenarioError, match=r"or one of .*demo, empty"):
        load_scenario("nowhere")


@pytest.mark.parametrize(
    ("call", "words"),
    [
        ("call: sagemaker.CreateNothing", "sagemaker has no operation CreateNothing"),
        ("call: sagemakers.CreateModel", "Unknown service"),
        ("call: sagemaker.DeleteModel", "Missing required parameter"),
        ("call: sagemaker.DeleteModel\n  with: {ModelName: m}", "Could not find model"),
        ("call: sagemaker.DeleteModel\n  with: {ModelName: '${x}'}", r"\$\{x\} is not known here"),
        ("call: sagemaker.ListModels\n  at: yesterday", "'yesterday' is not a time"),
        ("call: sagemaker.ListModels\n  for_each: '${account}'", "for_each is not a list"),
        (
            "call: sagemaker.CreateExperiment\n  with: {ExperimentName: e}\n  becomes: {Hue: red}",
            "Experiment has no Hue",
        ),
    ],
)
def test_a_refused_call_is_named_with_its_place(
    written: Callable[[str], Scenario], call: str, words: str
) -> None:
    scenario = written("calls:\n- " + call)
    with pytest.raises(ScenarioError, match=words) as wrong, emulated_account(scenario):
        pass
    assert str(wrong.value).startswith("own.yaml:2: call 1 (sagemaker")


def test_calls_happen_at_their_time_and_pass_on_what_they_save(
    written: Callable[[str], Scenario], client_of: MakeClient
) -> None:
    scenario = written(
        """
        account: "210987654321"
        region: eu-west-1
        values: {prefix: "arn:aws:iam::${account}"}
        calls:
          - call: sagemaker.CreateExperiment
            at: -120d
            for_each: [one, two]
            with: {ExperimentName: "experiment-${item}"}
            save: {"arn_${item}": ExperimentArn}
          - call: sagemaker.AddTags
            with: {ResourceArn: "${arn_two}", Tags: [{Key: role, Value: "${prefix}:role/x"}]}
        """
    )
    with emulated_account(scenario, now=NOW) as account:
        client = client_of(account, "sagemaker")
        listed = client.list_experiments()["ExperimentSummaries"]
        arn = "arn:aws:sagemaker:eu-west-1:210987654321:experiment/experiment-two"
        tags = client.list_tags(ResourceArn=arn)["Tags"]
    assert {item["CreationTime"] for item in listed} == {NOW - timedelta(days=120)}
    assert tags == [{"Key": "role", "Value": "arn:aws:iam::210987654321:role/x"}]


def test_moto_keeps_the_time_of_the_scenario_as_well(
    written: Callable[[str], Scenario], client_of: MakeClient
) -> None:
    scenario = written(
        """
        calls:
          - call: kinesis.CreateStream
            at: -200d
            with: {StreamName: s, ShardCount: 1, Tags: {team: a}}
          - call: s3.CreateBucket
            at: -200d
            with: {Bucket: bucket}
        """
    )
    with emulated_account(scenario, now=NOW) as account:
        streams = client_of(account, "kinesis").list_streams()["StreamSummaries"]
        buckets = client_of(account, "s3").list_buckets()["Buckets"]
        tagging = client_of(account, "resourcegroupstaggingapi")
        tagged = tagging.get_resources(ResourceTypeFilters=["kinesis"])
    born = NOW - timedelta(days=200)
    assert streams[0]["StreamCreationTimestamp"] == born
    assert buckets[0]["CreationDate"] == born
    assert tagged["ResourceTagMappingList"][0]["Tags"] == [{"Key": "team", "Value": "a"}]


def test_the_auditor_is_denied_and_throttled_but_the_seeding_is_not(
    written: Callable[[str], Scenario], client_of: MakeClient
) -> None:
    scenario = written(
        """
        denied: ["sagemaker:ListExp*", "s3:*", "iam:ListRoles", "batch:DescribeJobs"]
        throttled: ["logs:*"]
        calls:
          - call: sagemaker.ListExperiments
          - call: s3.CreateBucket
            with: {Bucket: bucket}
        """
    )
    with emulated_account(scenario) as account:
        for service, operation, params, code, status in (
            ("sagemaker", "list_experiments", {}, "AccessDeniedException", 400),
            ("s3", "list_buckets", {}, "AccessDenied", 403),
            ("iam", "list_roles", {}, "AccessDenied", 403),
            ("batch", "describe_jobs", {"jobs": ["x"]}, "AccessDeniedException", 403),
            ("logs", "describe_log_groups", {}, "ThrottlingException", 400),
        ):
            with pytest.raises(ClientError) as refused:
                getattr(client_of(account, service), operation)(**params)
            assert refused.value.response["Error"]["Code"] == code, service
            assert refused.value.response["ResponseMetadata"]["HTTPStatusCode"] == status
        assert client_of(account, "sagemaker").list_models()["Models"] == []


@pytest.mark.parametrize(
    ("text", "ago"),
    [
        ("now", timedelta()),
        ("-3d", timedelta(days=3)),
        ("-2h", timedelta(hours=2)),
        ("-1d12h30m", timedelta(days=1, hours=12, minutes=30)),
    ],
)
def test_times_are_relative_to_now(text: str, ago: timedelta) -> None:
    assert moment(text, NOW) == NOW - ago


@pytest.mark.parametrize("text", ["3d", "-", "-3", "tomorrow"])
def test_a_time_that_is_not_understood_is_refused(text: str) -> None:
    with pytest.raises(UnknownPlaceholderError):
        moment(text, NOW)


def test_an_account_says_where_it_is(written: Callable[[str], Scenario]) -> None:
    with emulated_account(written("account: '210987654321'")) as account:
        assert isinstance(account, EmulatedAccount)
        assert (account.account, account.region) == ("210987654321", "us-east-1")


def test_settings_of_the_user_do_not_reach_the_seeding(
    written: Callable[[str], Scenario], monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("AWS_PROFILE", "does-not-exist")
    monkeypatch.setenv("HTTP_PROXY", "http://127.0.0.1:9")
    monkeypatch.setenv("AWS_ENDPOINT_URL", "http://127.0.0.1:9")
    with emulated_account(written("calls: [{call: sagemaker.ListModels}]")):
        pass


@pytest.mark.slow
def test_without_moto_the_user_is_told_what_to_install() -> None:
    program = """
        import sys
        sys.modules["moto"] = None
        from mlaudit.errors import MlauditError
        try:
            import mlaudit.emulator
        except MlauditError as error:
            print(error)
    """
    ran = subprocess.run(
        [sys.executable, "-c", dedent(program)],
        env={"PYTHONPATH": os.pathsep.join(sys.path)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert "pip install 'mlaudit[emulator]'" in ran.stdout
