"""What a repository is given checks every change, asks the gate, and keeps no key."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import jsonschema
import pytest
import yaml
from check_jsonschema.builtin_schemas import get_builtin_schema

from mlaudit_reference.delivery import commands
from mlaudit_reference.delivery.repository import repository_files
from mlaudit_reference.manifest import Manifest

Make = Callable[..., Manifest]

ACCOUNTS = {"dev": "1" * 12, "staging": "2" * 12, "prod": "3" * 12}
HOSTS = {
    "github": {".github/workflows/check.yml", ".github/workflows/deliver.yml"},
    "codepipeline": {"buildspec.yml", "buildspec-gate.yml", "buildspec-deploy.yml"},
    "jenkins": {"Jenkinsfile"},
}


@pytest.fixture
def written(make: Make) -> Callable[..., dict[str, str]]:
    """Give the files of a repository as text, by their paths."""

    def written(**delivery: Any) -> dict[str, str]:
        settings = delivery.pop("settings", {})
        found = repository_files(make(delivery=delivery, **settings))
        return {name.removeprefix("repository/"): text.decode() for name, text in found.items()}

    return written


@pytest.mark.parametrize("host", HOSTS)
def test_a_host_gets_its_own_files_and_no_other(written: Callable[..., Any], host: str) -> None:
    common = {"DELIVERY.md", "deploy.py", ".pre-commit-config.yaml"}
    assert written(host=host).keys() == {*common, *HOSTS[host]}


def test_who_delivers_otherwise_gets_nothing(written: Callable[..., Any]) -> None:
    assert written(enabled=False) == {}


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("accounts", [ACCOUNTS, None])
def test_no_host_is_given_a_key(
    written: Callable[..., Any], host: str, accounts: dict[str, str] | None
) -> None:
    text = "\n".join(written(host=host, accounts=accounts).values())
    assert not re.search(r"secrets\.|AWS_SECRET_ACCESS_KEY|aws_access_key_id|AKIA", text)


def deliver(written: Callable[..., Any], **delivery: Any) -> dict[str, Any]:
    text = written(host="github", **delivery)[".github/workflows/deliver.yml"]
    read: dict[str, Any] = yaml.safe_load(text)
    return read


@pytest.mark.parametrize(
    ("accounts", "order"),
    [
        (None, ["check", "gate", "deploy-production"]),
        (ACCOUNTS, ["check", "deploy-dev", "deploy-staging", "gate", "deploy-production"]),
    ],
)
def test_the_gate_stands_right_before_production(
    written: Callable[..., Any], accounts: dict[str, str] | None, order: list[str]
) -> None:
    jobs = deliver(written, accounts=accounts)["jobs"]
    assert list(jobs) == order
    assert [jobs[name].get("needs") for name in order] == [None, *order[:-1]]
    assert jobs["deploy-production"]["environment"] == "production"


def test_only_jobs_that_come_to_aws_get_a_token(written: Callable[..., Any]) -> None:
    flow = deliver(written)
    assert flow["permissions"] == {"contents": "read"}
    tokens = {name for name, job in flow["jobs"].items() if "permissions" in job}
    assert tokens == {"gate", "deploy-production"}


def test_what_is_deployed_is_what_was_checked(written: Callable[..., Any]) -> None:
    jobs = deliver(written)["jobs"]
    kept = [
        each["with"]["name"] for each in jobs["check"]["steps"] if "upload" in each.get("uses", "")
    ]
    steps = jobs["deploy-production"]["steps"]
    fetched = [each["with"]["name"] for each in steps if "download" in each.get("uses", "")]
    assert set(kept) <= set(fetched)


@pytest.mark.parametrize(
    ("targets", "asked"),
    [
        (["serverless", "async", "batch"], ["async", "batch", "serverless"]),
        (["realtime", "serial", "components"], ["realtime"]),
        (["streaming", "serverless", "edge"], ["registry", "serverless", "streaming"]),
    ],
)
def test_the_gate_is_asked_for_every_way_the_model_answers(
    make: Make, targets: list[str], asked: list[str]
) -> None:
    assert commands.gate_targets(make(targets=targets)) == asked


def test_before_streaming_no_baseline_is_taken_for_the_share(make: Make) -> None:
    runs = commands.gate(make(targets=["streaming", "serverless"]))
    by_target = {run.split("--target ")[1].split()[0]: run for run in runs if "--target" in run}
    assert "--no-regression" in by_target["serverless"]
    assert "--no-regression" not in by_target["streaming"]


def test_a_stream_is_deployed_with_the_decision_of_the_gate(make: Make) -> None:
    manifest = make(targets=["streaming", "serverless"])
    asked = commands.gate(manifest)[-1].split("--decision ")[1]
    assert commands.deploy(manifest, "production", "$C").endswith(f"--decision {asked}")
    staged = make(targets=["streaming", "serverless"], delivery={"accounts": ACCOUNTS})
    assert "--decision" not in commands.deploy(staged, "staging", "$C")


def test_an_environment_is_deployed_to_its_account_alone(make: Make) -> None:
    manifest = make(delivery={"accounts": ACCOUNTS})
    said = [commands.deploy(manifest, stage, "$C") for stage in ("dev", "staging", "production")]
    assert [run.split("--account ")[1][0] for run in said] == ["1", "2", "3"]
    assert "--account" not in commands.deploy(make(), "production", "$C")


@pytest.mark.parametrize("host", ["codepipeline", "jenkins"])
def test_other_hosts_run_the_same_commands(
    written: Callable[..., Any], make: Make, host: str
) -> None:
    text = "\n".join(written(host=host).values())
    for command in (commands.INSTALL, *commands.CHECK, *commands.gate(make())[1:]):
        assert command in text, command


def test_a_jenkinsfile_is_balanced_and_asks_a_person(written: Callable[..., Any]) -> None:
    text = written(host="jenkins", accounts=ACCOUNTS)["Jenkinsfile"]
    assert text.count("{") == text.count("}")
    stages = re.findall(r"stage\('([^']+)'\)", text)
    assert stages == ["Check", "Deploy to dev", "Deploy to staging", "Gate", "Approval",
                      "Deploy to production"]  # fmt: skip
    assert "input message" in text
    assert '--role-arn "$STAGING_AUDIT_ROLE_ARN"' in text


def test_the_program_that_deploys_stands_alone(written: Callable[..., Any]) -> None:
    text = written()["deploy.py"]
    compile(text, "deploy.py", "exec")
    assert "mlaudit_reference" not in text


@pytest.mark.parametrize("name", ["check", "deliver"])
def test_a_workflow_has_the_published_form(written: Callable[..., Any], name: str) -> None:
    schema = get_builtin_schema("vendor.github-workflows")
    document = yaml.safe_load(written(accounts=ACCOUNTS)[f".github/workflows/{name}.yml"])
    # A bare `on` is a word to GitHub, and a truth to YAML 1.1.
    document = {("on" if key is True else key): value for key, value in document.items()}
    wrong = jsonschema.validators.validator_for(schema)(schema).iter_errors(document)
    assert [each.message for each in wrong] == []


@pytest.mark.parametrize("grown", [True, False])
def test_a_baseline_is_used_where_there_is_one(make: Make, tmp_path: Path, *, grown: bool) -> None:
    stub = tmp_path / "mlaudit"
    stub.write_text('#!/bin/sh\necho "$@" >> calls\n')
    stub.chmod(0o755)
    if grown:
        (tmp_path / commands.BASELINE).write_text("{}")
    script = "\n".join(["set -eu", *commands.gate(make())])
    subprocess.run(
        ["/bin/sh", "-c", script],
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        check=True,
    )
    asked = (tmp_path / "calls").read_text().splitlines()[1:]
    assert [("--no-regression" in each) for each in asked] == [grown] * len(asked)
    assert len(asked) == len(commands.gate_targets(make()))


def test_a_closed_gate_ends_the_script(make: Make, tmp_path: Path) -> None:
    stub = tmp_path / "mlaudit"
    stub.write_text('#!/bin/sh\necho "$1" >> calls\ntest "$1" != gate\n')
    stub.chmod(0o755)
    script = "\n".join(["set -eu", *commands.gate(make())])
    done = subprocess.run(
        ["/bin/sh", "-c", script],
        cwd=tmp_path,
        env={"PATH": f"{tmp_path}:/usr/bin:/bin"},
        check=False,
    )
    assert done.returncode == 1
    assert (tmp_path / "calls").read_text().split() == ["scan", "gate"]


@pytest.mark.parametrize("host", HOSTS)
@pytest.mark.parametrize("accounts", [ACCOUNTS, None])
def test_a_person_is_told_every_setting_that_ci_asks_for(
    written: Callable[..., Any], host: str, accounts: dict[str, str] | None
) -> None:
    files = written(host=host, accounts=accounts)
    told = files.pop("DELIVERY.md")
    files.pop("deploy.py")
    text = "\n".join(files.values())
    for stage in ("DEV", "STAGING", "PRODUCTION"):
        text = text.replace(f"${stage}_", "$<ENVIRONMENT>_")
    asked = set(re.findall(r"vars\.(\w+)|\$(<ENVIRONMENT>_\w+)", text))
    names = {name for pair in asked for name in pair if name}
    assert all(f"`{name}`" in told for name in names), names
    assert all(account in told for account in (accounts or {}).values())


def test_the_gate_is_asked_for_the_workload_that_a_system_belongs_to(make: Make) -> None:
    scan, *asked = commands.gate(make(workload="Old fraud"))
    assert "--repo 'Old fraud'=. " in scan
    assert asked
    assert all("--workload 'Old fraud' " in each for each in asked)
