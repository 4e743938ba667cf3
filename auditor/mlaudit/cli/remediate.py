"""``mlaudit remediate``: from a red report to a verified better one. Only the options are here."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from mlaudit.cli import options as option
from mlaudit.cli.signature import taking


@dataclass(frozen=True, kw_only=True)
class Asked:
    """The options of the command, as given, in the order in which its help lists them."""

    workload: option.Workloads = None
    target: option.GoalTarget = None
    items: option.Items = None
    level: option.Level = None
    plan_only: option.PlanOnly = False
    rehearse: option.Rehearse = None
    yes: option.Yes = False
    apply: option.PlanFile = None
    verify: option.VerifyRun = None
    resume: option.Resume = None
    undo: option.Undo = None
    delete_data: option.DeleteData = False
    max_monthly: option.MaxMonthly = None
    budget: option.BudgetUsd = None
    ttl: option.Ttl = None
    notify: option.Notify = None
    log_days: option.LogDays = 180
    latency_ms: option.LatencyMs = 1000
    max_instances: option.MaxInstances = 4
    replaced: option.Replace = None
    manifest: option.Manifests = None
    commit: option.Commit = None
    files: option.FilesFolder = None
    branch_of: option.FilesBranch = None
    adopt: option.Adopt = False
    allow_replacement: option.AllowReplacement = False
    cloudformation_role: option.CloudFormationRole = None
    state: option.State = Path("out/remediate")
    account: option.Account = None
    region: option.Region = None
    profile: option.Profile = None
    role_name: option.RoleName = None
    role_arn: option.RoleArn = None
    external_id: option.ExternalId = None
    endpoint_url: option.EndpointUrl = None
    from_: option.From = None
    repo: option.Repo = None
    config: option.ConfigFile = None
    demo: option.Demo = False
    quiet: option.Quiet = False


@taking(Asked)
def remediate(asked: Asked) -> None:
    """Plan, price, rehearse and apply fixes, prove that they helped, and take them back.

    Nothing is written to AWS before the plan was shown and agreed to. Exit code 0 when what was
    promised came true, 1 when something did not, costs too much or could not be taken back, 2 when
    it could not be started, 4 when it ended half-way; the journal tells what was done.

    Examples:

      mlaudit remediate --demo

      mlaudit remediate --workload churn --items '6.*' --notify ml@example.com

      mlaudit remediate --workload ranking --target streaming --plan-only

      mlaudit remediate --apply out/remediate/plan.json --yes

      mlaudit remediate --undo 20261121T2109-4f3a
    """
    from mlaudit.cli.remediation.running import run  # noqa: PLC0415 - keeps --help fast

    run(asked)
