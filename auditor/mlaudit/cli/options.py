"""The options that commands take, each with its help."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from mlaudit import thresholds

Account = Annotated[
    str | None, typer.Option(help="The account to read; its credentials' own by default.")
]
Region = Annotated[
    list[str] | None, typer.Option(help="A region to read; may be given several times.")
]
Profile = Annotated[str | None, typer.Option(help="A profile of the AWS configuration.")]
RoleName = Annotated[
    str | None, typer.Option(help="A role of the account to assume from another one.")
]
RoleArn = Annotated[str | None, typer.Option(help="The same, by its ARN.")]
ExternalId = Annotated[str | None, typer.Option(help="The external id the role asks.")]
EndpointUrl = Annotated[str | None, typer.Option(help="Send every call there instead of to AWS.")]
WindowDays = Annotated[
    int | None, typer.Option(help="Days in which something must have run to count. [90]")
]
Formats = Annotated[
    list[str] | None,
    typer.Option(
        "--format",
        help="json, markdown, html, summary, sarif, junit, csv, ocsf, asff, prometheus, lens or "
        "badge; several may be given. [default: the first three]",
    ),
]
Out = Annotated[str, typer.Option(help="The folder for reports; - prints one format.")]
SnapshotFile = Annotated[
    Path | None, typer.Option(help="Also write what was read, to replay it later.")
]
From = Annotated[
    Path | None, typer.Option("--from", help="Judge a snapshot file instead of reading AWS.")
]
ConfigFile = Annotated[
    Path | None, typer.Option(help="The configuration. [mlaudit.yaml, where there is one]")
]
MaxCalls = Annotated[
    int, typer.Option(help="Make at most so many API calls; the rest stays unseen.")
]
Repo = Annotated[
    list[str] | None,
    typer.Option(help="A checkout, or WORKLOAD=folder; it is read, and nothing in it runs."),
]
Demo = Annotated[bool, typer.Option("--demo", help="Read an emulated account.")]
ScenarioName = Annotated[
    str | None, typer.Option(help="With --demo: a bundled scenario, or a scenario file.")
]
Quiet = Annotated[bool, typer.Option("--quiet", help="No progress, no summary.")]

Target = Annotated[thresholds.Target, typer.Option(help="What the candidate is meant to serve.")]
Workload = Annotated[
    str | None, typer.Option(help="The workload; what serves of it is the candidate.")
]
ModelPackage = Annotated[str | None, typer.Option(help="The version, by its ARN.")]
Endpoint = Annotated[
    str | None, typer.Option(help="The endpoint; what serves on it is the candidate.")
]
AuditFile = Annotated[
    Path | None, typer.Option(help="Decide by the audit.json of a scan; reads nothing of AWS.")
]
MaxAge = Annotated[
    float, typer.Option(help="Hours that the audit or the snapshot may be old at most.")
]
Threshold = Annotated[
    int | None,
    typer.Option(min=1, max=100, help="Ask for so many percent instead of the configured."),
]
NoRegression = Annotated[
    bool,
    typer.Option(
        "--no-regression",
        help="Block only what became worse since --baseline; not before streaming.",
    ),
]
Baseline = Annotated[
    Path | None, typer.Option(help="The audit.json that --no-regression compares with.")
]
Since = Annotated[Path | None, typer.Option(help="An earlier audit.json: tell what changed since.")]
DecisionFile = Annotated[
    Path | None, typer.Option(help="Also write the decision as JSON, with its inputs' hashes.")
]
AsJson = Annotated[bool, typer.Option("--json", help="Print the decision as JSON.")]

Local = Annotated[
    bool, typer.Option("--local", help="Run on this machine; nothing of AWS is used.")
]
ManifestFile = Annotated[
    Path | None,
    typer.Option("--manifest", metavar="FILE", help="The system; a bundled one by default."),
]
Workplace = Annotated[Path, typer.Option("--out", metavar="DIR", help="The folder to work in.")]
DataFolder = Annotated[
    Path | None,
    typer.Option(
        "--data", metavar="FOLDER", help="CSV files with a header; generated ones by default."
    ),
]
Rows = Annotated[int, typer.Option(min=1000, help="Records to generate.")]
Frameworks = Annotated[
    list[str] | None,
    typer.Option(
        "--framework",
        help="sklearn, xgboost, pytorch or jax; several may be given. [default: all installed]",
    ),
]
Seed = Annotated[int, typer.Option(min=0, help="Where every random choice starts from.")]
Approve = Annotated[
    str | None,
    typer.Option(metavar="NAME", help="Approve the newest version of a model; nothing else runs."),
]

Workloads = Annotated[
    list[str] | None,
    typer.Option("--workload", help="A workload; several may be given. [default: all]"),
]
GoalTarget = Annotated[
    thresholds.Target | None, typer.Option("--target", help="The gate that is to open.")
]
Items = Annotated[
    str | None, typer.Option(help="Items to complete, such as 4.10,6.*; patterns are allowed.")
]
Level = Annotated[str | None, typer.Option(help="A maturity level to reach, such as reliable.")]
Notify = Annotated[
    list[str] | None,
    typer.Option(help="An e-mail address that alarms reach; several may be given."),
]
LogDays = Annotated[int, typer.Option(min=1, help="Days for which logs are kept.")]
LatencyMs = Annotated[
    int, typer.Option(min=1, help="Milliseconds above which the 95th percentile sets off an alarm.")
]
MaxInstances = Annotated[
    int, typer.Option(min=1, help="Instances that a variant may scale to: the worst of the bill.")
]
Replace = Annotated[
    list[str] | None,
    typer.Option(
        "--replace",
        metavar="OLD=NEW",
        help="Delete endpoint OLD, as NEW has taken its place; this ends what calls OLD.",
    ),
]
Manifests = Annotated[
    list[str] | None,
    typer.Option(
        "--manifest",
        metavar="[WORKLOAD=]FILE",
        help="The system to deploy beside a workload. [default: derived from the goal]",
    ),
]
FilesFolder = Annotated[
    Path | None,
    typer.Option("--files", metavar="DIR", help="Also write files for the repository there."),
]
FilesBranch = Annotated[
    Path | None,
    typer.Option(
        "--branch-of",
        metavar="CHECKOUT",
        help="Write them to the branch mlaudit/remediation of a checkout; nothing is pushed.",
    ),
]
Commit = Annotated[
    str | None, typer.Option(metavar="SHA", help="The commit that the deployed code is of.")
]
MaxMonthly = Annotated[
    float | None,
    typer.Option(min=0, metavar="USD", help="Refuse what costs more a month at rest, or unknown."),
]
BudgetUsd = Annotated[
    int | None, typer.Option("--budget", min=1, metavar="USD", help="Deploy a monthly budget too.")
]
Ttl = Annotated[
    int | None,
    typer.Option(min=1, metavar="DAYS", help="Let what is deployed delete itself after so long."),
]
Adopt = Annotated[
    bool,
    typer.Option(
        "--adopt", help="Also change what another stack or Terraform manages; they may change back."
    ),
]
CloudFormationRole = Annotated[
    str | None,
    typer.Option(metavar="ARN", help="The role that CloudFormation takes on to make stacks."),
]
AllowReplacement = Annotated[
    bool,
    typer.Option(
        "--allow-replacement",
        help="Also update stacks where that replaces or deletes what holds data or serves.",
    ),
]
PlanOnly = Annotated[bool, typer.Option("--plan-only", help="Write the plan and stop.")]
Rehearse = Annotated[
    bool | None,
    typer.Option(
        "--rehearse/--no-rehearse",
        help="Try the plan in an emulated account first. [default: before applying]",
    ),
]
Yes = Annotated[bool, typer.Option("--yes", help="Apply without asking.")]
PlanFile = Annotated[
    Path | None,
    typer.Option("--apply", metavar="PLAN", help="Apply a plan exactly as it was reviewed."),
]
Resume = Annotated[
    str | None, typer.Option(metavar="RUN", help="Complete a run that was interrupted.")
]
Undo = Annotated[str | None, typer.Option(metavar="RUN", help="Take a run back.")]
VerifyRun = Annotated[
    str | None,
    typer.Option("--verify", metavar="RUN", help="Scan again and hold a run to its promises."),
]
DeleteData = Annotated[
    bool,
    typer.Option("--delete-data", help="With --undo: also delete data in what the run had made."),
]
State = Annotated[
    Path, typer.Option("--state", metavar="DIR", help="Where plans and journals of runs are kept.")
]
