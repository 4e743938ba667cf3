"""Some weeks in which people and machines use a system of the reference pipeline, emulated.

On AWS these weeks pass by themselves. Here everything that would happen in them is made to happen
through the API of the emulated account: data comes, training runs, a person approves, requests are
answered. Nothing of it is a part of a remediation, and nothing of it touches AWS.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from mlaudit.emulator import life
from mlaudit_reference import names as called
from mlaudit_reference.delivery.deploy import is_of_version, of_version
from mlaudit_reference.manifest import Manifest

APPROVER = "arn:aws:sts::{account}:assumed-role/model-risk/jo.meyer"
_WEEKS = 46
"""Days since the first of them was deployed."""

SCHEDULED = ("-batch", "-chain")

Clients = Callable[..., Any]
"""Makes the client of a service whose calls take place at a moment, by somebody if that is said."""


@dataclass(frozen=True)
class Weeks:
    """The weeks before a moment.

    Attributes:
        clients: Takes the service, the moment and, if it matters, who calls.
        now: The moment (UTC).
        manifest: What the system was compiled from.
        account: The account it is in.
        region: The region it is in.
    """

    clients: Clients
    now: datetime
    manifest: Manifest
    account: str
    region: str

    def trains(self, days: float, version: int) -> None:
        """Bring data, train on it, and let a person approve what comes of it."""
        self.clients("s3", self._ago(days + 1)).put_object(
            Bucket=self._output("DataBucketName"),
            Key="raw/applications.csv",
            Body=f"version {version}".encode(),
        )
        self._starts_training(days)
        by = APPROVER.format(account=self.account)
        self.clients("sagemaker", self._ago(days - 1), by).update_model_package(
            ModelPackageArn=self._package(version),
            ModelApprovalStatus="Approved",
            ApprovalDescription="Reviewed with the evaluation, bias and attribution reports.",
        )

    def promotes(self, days: float, version: int) -> None:
        """Let what listens for approvals bring a version to all that serves."""
        for name, arn in self._machines():
            if name.endswith("-promotion"):
                life.run_machine(self.clients, self._ago(days), arn)
        told = self.clients("sagemaker", self.now).describe_model_package(
            ModelPackageName=self._package(version)
        )
        client = self.clients("cloudformation", self._ago(days))
        for stack in client.describe_stacks()["Stacks"]:
            if stack["StackName"].startswith(f"{self.manifest.name}-"):
                names = [each["ParameterKey"] for each in stack.get("Parameters", ())]
                if any(map(is_of_version, names)):
                    _update(client, stack["StackName"], names, of_version(told, names))

    def is_used(self) -> None:
        """Let it answer, score files, be watched, and be trained for every cause."""
        own = self.manifest.name
        for days in (40, 10, 1):
            life.serve(self.clients, self._ago(days), own)
        for name, arn in self._machines():
            if name.endswith(SCHEDULED):
                life.run_machine(self.clients, self._ago(2), arn)
        self._looks_for_drift(10)
        self._looks_for_drift(2)
        self._is_retrained()
        life.call_functions(self.clients, self._ago(1), own)
        life.log_jobs(self.clients, self.now, self._ago(_WEEKS))
        life.judge_alarms(self.clients, self._ago(0.05), own)

    def is_called(self, days: float) -> None:
        """Let its endpoints and functions answer once."""
        own = self.manifest.name
        life.serve(self.clients, self._ago(days), own)
        life.call_functions(self.clients, self._ago(days), own)
        life.judge_alarms(self.clients, self._ago(0.05), own)

    def _is_retrained(self) -> None:
        """Let every rule that starts training have done so once, and a person too."""
        own = [arn for name, arn in self._machines() if name.endswith("-retraining")]
        for machine in own:
            life.run_machine(self.clients, self._ago(12), machine)
            client = self.clients("events", self.now)
            rules = client.list_rule_names_by_target(TargetArn=machine)["RuleNames"]
            for number, rule in enumerate(sorted(rules)):
                at = self._ago(9 - number)
                life.fire_rule(self.clients, at, rule)
                life.run_machine(self.clients, at, machine)
                self._starts_training(9 - number)

    def _looks_for_drift(self, days: float) -> None:
        """Run the drift job, where there is one."""
        client = self.clients("sagemaker", self._ago(days))
        name = called.monitoring_pipeline(self.manifest)
        found = client.list_pipelines()["PipelineSummaries"]
        if name in {each["PipelineName"] for each in found}:
            client.start_pipeline_execution(PipelineName=name)

    def _starts_training(self, days: float) -> None:
        self.clients("sagemaker", self._ago(days)).start_pipeline_execution(
            PipelineName=called.training_pipeline(self.manifest)
        )

    def _machines(self) -> Iterator[tuple[str, str]]:
        """The names and ARNs of its state machines."""
        client = self.clients("stepfunctions", self.now)
        for each in client.list_state_machines()["stateMachines"]:
            if each["name"].startswith(f"{self.manifest.name}-"):
                yield each["name"], each["stateMachineArn"]

    def _output(self, name: str) -> str:
        """What a stack exports."""
        exports = self.clients("cloudformation", self.now).list_exports()["Exports"]
        found = {each["Name"]: str(each["Value"]) for each in exports}
        return found[f"{self.manifest.name}-{name}"]

    def _package(self, version: int) -> str:
        where = f"{self.region}:{self.account}"
        return f"arn:aws:sagemaker:{where}:model-package/{self.manifest.name}/{version}"

    def _ago(self, days: float) -> datetime:
        return self.now - timedelta(days=days)


def _update(client: Any, stack: str, names: Iterable[str], version: Mapping[str, str]) -> None:
    """Give a stack another version, and leave all else as it is."""
    client.update_stack(
        StackName=stack,
        UsePreviousTemplate=True,
        Capabilities=["CAPABILITY_IAM"],
        Parameters=[
            {"ParameterKey": each, "ParameterValue": version[each]}
            if each in version
            else {"ParameterKey": each, "UsePreviousValue": True}
            for each in names
        ],
    )
