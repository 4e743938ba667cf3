"""Deploy what a manifest was compiled into: the stacks of ``stacks.json``, in their order.

A program by itself: it needs boto3 alone, lies beside the templates, and runs in any CI that has
credentials of the account, best those of a role for the time of the job. It deploys by change sets,
so that its log tells what changed; a stack that would not change is left alone. Serving stacks come
with the newest approved version, or wait until there is one. A stack with a gate is deployed with
the decision of ``mlaudit gate`` only, and only if that says open.

    python deploy.py --out out/reference --commit "$(git rev-parse HEAD)" [--role-arn ARN]
"""

from __future__ import annotations

import argparse
import hashlib
import json
import sys
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from functools import partial
from pathlib import Path
from typing import Any

import boto3
from botocore import xform_name
from botocore.exceptions import ClientError, WaiterError

Document = Mapping[str, Any]
Ask = Callable[[str, Document], Document]
"""Calls an operation of SageMaker with its parameters."""

UNCHANGED = ("didn't contain changes", "No updates are to be performed")
BY_HAND = ("delivery", "delivery-pipeline")
"""Stacks that a person deploys: they hold the role that everything else is deployed by."""


class DeployError(Exception):
    """It cannot be deployed; the message says what and why."""


@dataclass(frozen=True)
class Order:
    """What is asked for.

    Attributes:
        out: The folder that was compiled to.
        commit: The commit that the code is of.
        role_arn: The role that CloudFormation takes on, if any.
        decision: The decision of the gate, if any.
        said: Parameters of stacks, by their names.
        now: The time.
        days: After how many days stacks that expire do.
        pause: Seconds between two looks at what CloudFormation is doing.
    """

    out: Path
    commit: str
    now: datetime
    role_arn: str | None = None
    decision: Path | None = None
    said: Mapping[str, str] = field(default_factory=dict)
    days: int = 14
    pause: int = 10


@dataclass(frozen=True)
class Run:
    """One deployment: what is asked for, boto3's clients, and ``stacks.json``."""

    order: Order
    stacks: Any
    objects: Any
    models: Any
    index: Document


def main(argv: Sequence[str] | None = None) -> int:
    """Deploy, and say on stdout what was done to each stack."""
    given = _parser().parse_args(argv)
    try:
        session = _session(given.assume, given.account)
        for line in deployed(prepared(_order(given), session)):
            sys.stdout.write(f"{line}\n")
            sys.stdout.flush()
    except (DeployError, ClientError, WaiterError) as wrong:
        sys.stderr.write(f"error: {wrong}\n")
        return 1
    return 0


def _session(role_arn: str | None, account: str | None) -> Any:
    """The credentials of the environment, or those of a role for an hour.

    Raises:
        DeployError: They are of another account.
    """
    session = boto3.Session()
    if role_arn is not None:
        answer = boto3.client("sts").assume_role(RoleArn=role_arn, RoleSessionName="delivery")
        keys = answer["Credentials"]
        session = boto3.Session(keys["AccessKeyId"], keys["SecretAccessKey"], keys["SessionToken"])
    if account is not None:
        found = session.client("sts").get_caller_identity()["Account"]
        if found != account:
            raise DeployError(f"the credentials are of account {found}, not of {account}")
    return session


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(description="Deploy the compiled stacks.")
    parser.add_argument("--out", type=Path, default=Path(), help="the folder compiled to")
    parser.add_argument("--commit", required=True, help="the commit that the code is of")
    parser.add_argument("--role-arn", help="the role that CloudFormation takes on")
    parser.add_argument("--account", help="the account it must be, or nothing is deployed")
    parser.add_argument("--assume", metavar="ARN", help="the role to deploy as")
    parser.add_argument("--decision", type=Path, help="the decision of mlaudit gate")
    parser.add_argument("--days", type=int, default=14, help="when stacks that expire do")
    parser.add_argument("--set", action="append", default=[], metavar="NAME=VALUE",
                        help="a parameter of a stack; may be given several times")  # fmt: skip
    return parser


def _order(given: argparse.Namespace) -> Order:
    return Order(
        out=given.out,
        commit=given.commit,
        now=datetime.now(UTC),
        role_arn=given.role_arn,
        decision=given.decision,
        said=dict(each.partition("=")[::2] for each in given.set),
        days=given.days,
    )


def prepared(order: Order, session: Any, **more: Any) -> Run:
    """Open the clients of a session of boto3, and read the index.

    Args:
        order: What is asked for.
        session: The session.
        more: Arguments of every client, such as ``endpoint_url``.

    Raises:
        DeployError: There is no index.
    """
    names = ("cloudformation", "s3", "sagemaker")
    stacks, objects, models = (session.client(name, **more) for name in names)
    return Run(order, stacks, objects, models, _read(order.out / "stacks.json"))


def deployed(run: Run) -> Iterator[str]:
    """Deploy stack by stack, and tell what was done.

    Raises:
        DeployError: A stack could not be deployed, or something is missing that it needs.
    """
    for stack in run.index["stacks"]:
        name = stack["stack_name"]
        if stack["name"] in BY_HAND:
            continue
        exists = _exists(run, name)
        values = _known(run.order)
        if any(map(is_of_version, stack["parameters"])) and not exists:
            # What is there keeps its version: promotion alone gives it another.
            version = newest(run.index["name"], partial(_ask, run.models))
            values |= of_version(version, stack["parameters"])
        if reason := _held_back(stack, run.order, values, exists=exists):
            yield f"{name}: left alone, {reason}"
            continue
        yield f"{name}: {_deploy(run, stack, {**values, **run.order.said}, exists=exists)}"
        for upload in run.index["uploads"]:
            if upload["after"] == name:
                yield _upload(run, upload)


def _held_back(
    stack: Document, order: Order, values: Mapping[str, str], *, exists: bool
) -> str | None:
    """Why a stack cannot be deployed yet; ``None`` if it can."""
    if stack["gate"] is not None:
        if order.decision is None:
            return f"it needs the decision of the {stack['gate']} gate"
        decision = _read(order.decision)
        if (decision.get("target"), decision.get("outcome")) != (stack["gate"], "open"):
            return f"the {stack['gate']} gate is not open"
    needed = {name for name in stack["parameters"] if is_of_version(name)}
    if not exists and not needed <= values.keys() | order.said.keys():
        return "no approved version tells all it needs"
    return None


PLACES = ("BaselineUri", "ExplainabilityUri", "ModelUri", "ServingImage")
"""What monitoring, and endpoints of many models, have to know of the version that serves."""


def is_of_version(parameter: str) -> bool:
    """Whether an approved version tells what a parameter of a stack has to be."""
    return _names_version(parameter) or parameter in PLACES


def _names_version(parameter: str) -> bool:
    return parameter.endswith("ModelPackageArn")


def newest(group: str, ask: Ask) -> Document | None:
    """The newest approved version that promotion did not have to take back.

    Args:
        group: The model package group.
        ask: Calls SageMaker; it raises what it raises when that fails.
    """
    asked = {
        "ModelPackageGroupName": group,
        "ModelApprovalStatus": "Approved",
        "SortBy": "CreationTime",
        "SortOrder": "Descending",
    }
    for each in ask("ListModelPackages", asked)["ModelPackageSummaryList"]:
        found = ask("DescribeModelPackage", {"ModelPackageName": each["ModelPackageArn"]})
        if found.get("ModelLifeCycle", {}).get("StageStatus") != "RolledBack":
            return found
    return None


def _ask(client: Any, operation: str, params: Document) -> Document:
    found: Document = getattr(client, xform_name(operation))(**params)
    return found


def _known(order: Order) -> dict[str, str]:
    known = {"CommitId": order.commit, **of_time(order.now, order.days)}
    if order.decision is not None:
        known |= of_gate(order.decision.read_bytes())
    return known


def of_time(now: datetime, days: int) -> dict[str, str]:
    """The parameters that say when stacks expire: some days from now (UTC)."""
    return {"ExpiresAt": (now + timedelta(days=days)).strftime("%Y-%m-%dT%H:%M:%S")}


def of_gate(decision: bytes) -> dict[str, str]:
    """The parameters that a gate which lets something through gives it.

    Args:
        decision: The file that holds the decision.
    """
    return {"GateOutcome": "open", "GateDecision": hashlib.sha256(decision).hexdigest()}


def of_version(version: Document | None, parameters: Iterable[str]) -> dict[str, str]:
    """The parameters of a stack that an approved version tells, as far as it tells them.

    Args:
        version: The version as DescribeModelPackage answers it; ``None`` tells nothing.
        parameters: The parameters of the stack.
    """
    if version is None:
        return {}
    baselines = version.get("DriftCheckBaselines", {})
    quality = baselines.get("ModelDataQuality", {}).get("Statistics", {}).get("S3Uri")
    moved = baselines.get("Explainability", {}).get("Constraints", {}).get("S3Uri")
    container = version["InferenceSpecification"]["Containers"][0]
    model, image = container.get("ModelDataUrl"), container.get("Image")
    found = {name: version["ModelPackageArn"] for name in parameters if _names_version(name)}
    uris = dict(zip(PLACES, (_folder(quality), _folder(moved), model, image), strict=True))
    return {**found, **{name: uri for name, uri in uris.items() if uri}}


def _folder(uri: str | None) -> str | None:
    return uri.rpartition("/")[0] if uri else None


def _deploy(run: Run, stack: Document, values: Mapping[str, str], *, exists: bool) -> str:
    """Deploy one stack by a change set, and say what was done."""
    name, order = stack["stack_name"], run.order
    made = run.stacks.create_change_set(
        StackName=name,
        ChangeSetName=f"deploy-{order.now:%Y%m%d%H%M%S}",
        ChangeSetType="UPDATE" if exists else "CREATE",
        Capabilities=stack["capabilities"],
        Parameters=_parameters(stack, values, exists=exists),
        Tags=[{"Key": key, "Value": each} for key, each in run.index["tags"].items()],
        **_template(run, stack),
        **({"RoleARN": order.role_arn} if order.role_arn else {}),
    )
    changes = _changes(run, made["Id"])
    if changes is None:
        run.stacks.delete_change_set(ChangeSetName=made["Id"])
        return "unchanged"
    run.stacks.execute_change_set(ChangeSetName=made["Id"])
    waiter = run.stacks.get_waiter(f"stack_{'update' if exists else 'create'}_complete")
    waiter.wait(StackName=name, WaiterConfig={"Delay": order.pause, "MaxAttempts": 240})
    return f"{'updated' if exists else 'created'}, {changes} changes"


def _parameters(
    stack: Document, values: Mapping[str, str], *, exists: bool
) -> list[dict[str, Any]]:
    """Parameters of a request; one that nobody says keeps its value.

    Raises:
        DeployError: Nothing is known of one that has no default.
    """
    found: list[dict[str, Any]] = []
    for name, about in stack["parameters"].items():
        if name in values:
            found.append({"ParameterKey": name, "ParameterValue": values[name]})
        elif exists:
            found.append({"ParameterKey": name, "UsePreviousValue": True})
        elif "Default" not in about:
            raise DeployError(f"{stack['stack_name']} needs {name}: {about['Description']}")
    return found


def _template(run: Run, stack: Document) -> dict[str, str]:
    """The template itself, or where it lies when it is too long for a request."""
    content = (run.order.out / stack["template"]).read_bytes()
    if not stack["from_s3"]:
        return {"TemplateBody": content.decode()}
    bucket = _exports(run)[run.index["uploads"][0]["bucket_from_export"]]
    key = f"templates/{hashlib.sha256(content).hexdigest()[:16]}/{Path(stack['template']).name}"
    run.objects.put_object(Bucket=bucket, Key=key, Body=content)
    host = run.objects.meta.endpoint_url.rstrip("/")
    return {"TemplateURL": f"{host}/{bucket}/{key}"}


def _exists(run: Run, name: str) -> bool:
    """Whether a stack is there.

    Raises:
        DeployError: It was never completed, and has to be deleted first.
    """
    try:
        (stack,) = run.stacks.describe_stacks(StackName=name)["Stacks"]
    except ClientError as wrong:
        if "does not exist" in str(wrong):
            return False
        raise
    status = stack["StackStatus"]
    if status == "ROLLBACK_COMPLETE":
        raise DeployError(f"{name} was never completed: delete it, then deploy again")
    return bool(status != "REVIEW_IN_PROGRESS")


def _changes(run: Run, change_set: str) -> int | None:
    """How many resources change; ``None`` for none.

    Raises:
        DeployError: CloudFormation cannot tell.
    """
    try:
        run.stacks.get_waiter("change_set_create_complete").wait(
            ChangeSetName=change_set, WaiterConfig={"Delay": run.order.pause, "MaxAttempts": 60}
        )
    except WaiterError as wrong:
        told = run.stacks.describe_change_set(ChangeSetName=change_set)
        reason = told.get("StatusReason", "")
        if any(each in reason for each in UNCHANGED):
            return None
        raise DeployError(f"{told['StackName']}: {reason}") from wrong
    return len(run.stacks.describe_change_set(ChangeSetName=change_set)["Changes"])


def _upload(run: Run, upload: Document) -> str:
    """Put what stacks refer to where they look for it."""
    bucket = _exports(run)[upload["bucket_from_export"]]
    content = (run.order.out / upload["file"]).read_bytes()
    run.objects.put_object(Bucket=bucket, Key=upload["key"], Body=content)
    return f"s3://{bucket}/{upload['key']}: {len(content)} bytes"


def _exports(run: Run) -> dict[str, str]:
    pages = run.stacks.get_paginator("list_exports").paginate()
    return {each["Name"]: each["Value"] for page in pages for each in page["Exports"]}


def _read(path: Path) -> Document:
    """A JSON document.

    Raises:
        DeployError: It is not there, or is no JSON.
    """
    try:
        found: Document = json.loads(path.read_text("utf-8"))
    except (OSError, ValueError) as wrong:
        raise DeployError(f"{path}: {wrong}") from wrong
    return found


if __name__ == "__main__":
    sys.exit(main())
