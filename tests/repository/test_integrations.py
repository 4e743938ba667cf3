"""What plugs the gate in elsewhere has the form asked there, and calls mlaudit as it is."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import boto3
import cfnlint.api
import jsonschema
import pytest
import yaml
from cfnlint.config import ManualArgs
from check_jsonschema.builtin_schemas import get_builtin_schema

from mlaudit.emulator import emulated_account, load_scenario
from mlaudit.thresholds import Target

ROOT = Path(__file__).parents[2]
THERE = ROOT / "docs" / "integrations"
ACTION, WORKFLOW = ROOT / "action.yml", THERE / "github-workflow.yml"
GITLAB, JENKINS = THERE / "gitlab-ci.yml", THERE / "Jenkinsfile"
CODEBUILD, CODEPIPELINE = THERE / "buildspec.yml", THERE / "codepipeline.yaml"
SAGEMAKER = THERE / "sagemaker-pipeline.json"

ARN = "arn:aws:sagemaker:eu-west-1:123456789012:model-package/fraud/1"
SETTINGS = {
    "TARGET": "realtime",
    "WORKLOAD": "fraud",
    "MLAUDIT_TARGET": "realtime",
    "MLAUDIT_WORKLOAD": "fraud",
    "MLAUDIT_PACKAGE": "mlaudit.whl",
    "OUT": "mlaudit",
    "REPO": ".\nfraud=.",
    "ACCOUNT": "123456789012",
    "REGION": "eu-west-1",
    "ROLE_ARN": "arn:aws:iam::123456789012:role/audit",
    "CONFIG": "mlaudit.yaml",
    "MODEL_PACKAGE": "",
    "ENDPOINT": "",
    "BASELINE": "before.json",
    "SOURCE": "source",
}
STUB = """#!{python}
import json, os, pathlib, sys
words = sys.argv[1:]
with open(os.environ["CALLS"], "a") as calls:
    calls.write(json.dumps(words) + "\\n")
if words[0] == "scan":
    out = pathlib.Path(words[words.index("--out") + 1])
    out.mkdir(exist_ok=True)
    (out / "summary.md").write_text("the summary\\n")
sys.exit(int(os.environ.get("CODE", "0")) if words[0] == "gate" else 0)
"""
NOTHING = "#!/bin/sh\nmkdir -p .mlaudit/bin && cp {pip} .mlaudit/bin/pip\n"


def written(path: Path) -> Any:
    return yaml.safe_load(path.read_text("utf-8"))


@dataclass(frozen=True)
class Script:
    """Shell code out of a file, and the arguments it is given."""

    text: str
    arguments: tuple[str, ...] = ()


def steps() -> dict[str, str]:
    return {each["name"]: each["run"] for each in written(ACTION)["runs"]["steps"] if "run" in each}


def scripts() -> Iterator[tuple[str, Script]]:
    """The scripts that call mlaudit, each as its runner puts it together."""
    yield "github", Script("\n".join(steps()[name] for name in ("Audit", "Decide")))
    yield "gitlab", Script("\n".join(written(GITLAB)["mlaudit-gate"]["script"]))
    yield "jenkins", Script(re.findall(r"sh '''(.*?)'''", JENKINS.read_text(), re.DOTALL)[0])
    yield "codebuild", Script("\n".join(written(CODEBUILD)["phases"]["build"]["commands"]))
    application = json.loads(SAGEMAKER.read_text())["Steps"][0]["Arguments"]["AppSpecification"]
    bash, flag, text, _ = application["ContainerEntrypoint"]
    assert (bash, flag) == ("bash", "-c")
    yield "sagemaker", Script(text, (ARN, "realtime"))


SCRIPTS = dict(scripts())


@dataclass(frozen=True)
class Ran:
    """How a script ended."""

    code: int
    calls: list[list[str]]
    summary: str
    output: str


Run = Callable[..., Ran]


@pytest.fixture
def run(tmp_path: Path) -> Run:
    """Run a script where mlaudit writes down how it is called, and nothing is installed."""
    commands, work = tmp_path / "bin", tmp_path / "work"
    for folder in (commands, work):
        folder.mkdir()
    pip = commands / "pip"
    for name, text in {
        "mlaudit": STUB.format(python=sys.executable),
        "python": NOTHING.format(pip=pip),
        "pip": "#!/bin/sh\n",
    }.items():
        (commands / name).write_text(text)
        (commands / name).chmod(0o755)

    def start(script: Script, **settings: str) -> Ran:
        files = {
            name: tmp_path / name for name in ("CALLS", "GITHUB_STEP_SUMMARY", "GITHUB_OUTPUT")
        }
        for file in files.values():
            file.write_text("")
        environment = {
            **SETTINGS,
            **{name: str(path) for name, path in files.items()},
            "PATH": f"{commands}:/usr/bin:/bin",
            **settings,
        }
        code = bash(script, work, environment)
        calls, summary, output = (file.read_text() for file in files.values())
        return Ran(code, [json.loads(line) for line in calls.splitlines()], summary, output)

    return start


def bash(script: Script, work: Path, environment: Mapping[str, str]) -> int:
    words = ["bash", "--noprofile", "--norc", "-eo", "pipefail", "-c", script.text, "gate"]
    return subprocess.run(
        [*words, *script.arguments], cwd=work, env=dict(environment), check=False
    ).returncode


@pytest.mark.parametrize(
    ("file", "schema"),
    [
        (ACTION, "vendor.github-actions"),
        (WORKFLOW, "vendor.github-workflows"),
        (GITLAB, "vendor.gitlab-ci"),
    ],
    ids=["action", "workflow", "gitlab"],
)
def test_it_has_the_published_form(file: Path, schema: str) -> None:
    validator = jsonschema.validators.validator_for(get_builtin_schema(schema))
    # A bare `on` is a word to GitHub, and a truth to YAML 1.1.
    document = {("on" if key is True else key): each for key, each in written(file).items()}
    wrong = validator(get_builtin_schema(schema)).iter_errors(document)
    assert [each.message for each in wrong] == []


@pytest.mark.slow
def test_cloudformation_would_take_the_pipeline() -> None:
    asked = ManualArgs(regions=["eu-west-1", "us-east-1"])  # not all regions have CodeBuild
    found = cfnlint.api.lint(CODEPIPELINE.read_text(), config=asked)
    assert [str(match) for match in found if match.rule.id[0] != "I"] == []


@pytest.mark.parametrize("script", [*SCRIPTS.values(), *map(Script, steps().values())])
def test_the_shell_can_read_it(script: Script) -> None:
    subprocess.run(["bash", "-n", "-c", script.text], check=True)  # noqa: S607


@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_it_calls_mlaudit_as_it_is(
    run: Run, parse: Callable[[Sequence[str]], None], script: Script
) -> None:
    ran = run(script)
    assert ran.code == 0
    assert ran.calls[-1][0] == "gate"
    for call in ran.calls:
        parse(call)


@pytest.mark.parametrize("code", [1, 2, 3, 4])
@pytest.mark.parametrize("script", SCRIPTS.values(), ids=SCRIPTS)
def test_only_an_open_gate_lets_through(run: Run, script: Script, code: int) -> None:
    ended = run(script, CODE=str(code)).code
    # The condition after this step reads the decision; without one the step fails.
    decided = script is SCRIPTS["sagemaker"] and code in (1, 3)
    assert ended == (0 if decided else code)


@pytest.mark.parametrize(
    ("code", "outcome"), [(0, "open"), (1, "closed"), (2, ""), (3, "cannot_decide"), (4, "")]
)
def test_the_action_tells_the_outcome(run: Run, code: int, outcome: str) -> None:
    ran = run(SCRIPTS["github"], CODE=str(code))
    assert ran.output == f"outcome={outcome}\n"
    assert ran.summary.startswith("the summary\n")


def test_the_action_asks_only_what_it_is_given(run: Run) -> None:
    nothing = dict.fromkeys(("ACCOUNT", "REGION", "ROLE_ARN", "REPO", "CONFIG", "BASELINE"), "")
    scan, gate = run(SCRIPTS["github"], **nothing, ENDPOINT="it's", WORKLOAD="").calls
    assert scan[:3] == ["scan", "--out", "mlaudit"]
    assert set(scan[3:]) == {"--format", "json", "html", "summary", "sarif", "--quiet"}
    assert gate[-2:] == ["--endpoint", "it's"]
    assert "--workload" not in gate


def test_no_input_of_the_action_is_pasted_into_a_script() -> None:
    assert [name for name, text in steps().items() if "${{" in text] == []


def test_every_input_of_the_action_is_used_and_told() -> None:
    text = ACTION.read_text()
    inputs = written(ACTION)["inputs"]
    used = set(re.findall(r"\$\{\{ inputs\.([\w-]+)", text))
    assert used == {*inputs}
    assert all(each["description"] for each in inputs.values())


def test_every_target_can_be_chosen() -> None:
    targets = {each.value for each in Target}
    (choice,) = re.findall(r"name: 'TARGET', choices: \[(.*?)\]", JENKINS.read_text())
    assert set(re.findall(r"'(\w+)'", choice)) == targets
    allowed = re.findall(r"AllowedValues: \[(.*?)\]", CODEPIPELINE.read_text())
    assert [{*each.split(", ")} for each in allowed] == [targets]
    assert all(each in written(ACTION)["inputs"]["target"]["description"] for each in targets)


@pytest.mark.slow
def test_the_action_decides_about_an_account(tmp_path: Path) -> None:
    """The scripts of the action with mlaudit itself, against an emulated account."""
    small = tmp_path / "small.yaml"
    small.write_text(
        "calls:\n"
        "  - call: sagemaker.CreateModelPackageGroup\n"
        "    with:\n"
        "      ModelPackageGroupName: fraud\n"
        "      Tags: [{Key: 'mlaudit:workload', Value: fraud}]\n"
    )
    summary, output = tmp_path / "summary", tmp_path / "output"
    empty = dict.fromkeys(("ACCOUNT", "ROLE_ARN", "CONFIG", "BASELINE"), "")
    with emulated_account(load_scenario(str(small))) as account:
        environment = {
            **os.environ,
            **SETTINGS,
            **empty,
            "REPO": ".",
            "REGION": account.region,
            "PATH": f"{Path(sys.executable).parent}:/usr/bin:/bin",
            "AWS_ENDPOINT_URL": account.endpoint_url,
            "AWS_ACCESS_KEY_ID": account.access_key,
            "AWS_SECRET_ACCESS_KEY": account.secret_key,
            "GITHUB_STEP_SUMMARY": str(summary),
            "GITHUB_OUTPUT": str(output),
        }
        assert bash(SCRIPTS["github"], tmp_path, environment) == 1
    assert output.read_text() == "outcome=closed\n"
    assert "## MLOps audit of account 123456789012" in summary.read_text()
    assert "Realtime gate: closed for workload fraud" in summary.read_text()
    decision = json.loads((tmp_path / "mlaudit" / "decision.json").read_text())
    assert decision["exit_code"] == 1
    assert (tmp_path / "mlaudit" / "audit.sarif").stat().st_size > 0


def test_sagemaker_takes_the_pipeline() -> None:
    """The emulated service holds a definition to the references that it makes."""
    definition = SAGEMAKER.read_text()
    with emulated_account(None) as account:
        sagemaker = boto3.client(
            "sagemaker",
            region_name=account.region,
            endpoint_url=account.endpoint_url,
            aws_access_key_id=account.access_key,
            aws_secret_access_key=account.secret_key,
        )
        sagemaker.create_pipeline(
            PipelineName="gate",
            PipelineDefinition=definition,
            ClientRequestToken="x" * 32,
            RoleArn="arn:aws:iam::123456789012:role/pipeline",
        )
    gate, condition = json.loads(definition)["Steps"]
    (compared,) = condition["Arguments"]["Conditions"]
    assert compared["LeftValue"]["Std:JsonGet"]["Path"] == "outcome"
    assert compared["RightValue"] == "open"
    (file,) = gate["PropertyFiles"]
    (output,) = gate["Arguments"]["ProcessingOutputConfig"]["Outputs"]
    place = f"{output['S3Output']['LocalPath']}/{file['FilePath']}"
    assert f"--decision {place} " in SCRIPTS["sagemaker"].text
