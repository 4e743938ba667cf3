"""What a person does once, so that CI can deliver without any key: ``DELIVERY.md``."""

from __future__ import annotations

from collections.abc import Callable

from mlaudit_reference import names
from mlaudit_reference.delivery import commands
from mlaudit_reference.manifest import Host, Manifest


def guide(manifest: Manifest) -> str:
    """The steps, in Markdown."""
    host = manifest.delivery.host
    steps = [_roles(manifest), *_OF_HOST[host](manifest), _confirm(manifest), _approve(manifest)]
    listed = "\n".join(f"{number}. {step}" for number, step in enumerate(steps, start=1))
    return _TEXT.format(name=manifest.name, host=_TITLES[host], steps=listed)


_TITLES = {
    Host.GITHUB: "GitHub Actions",
    Host.CODEPIPELINE: "CodePipeline",
    Host.JENKINS: "Jenkins",
}

_TEXT = """\
# Delivery of {name} by {host}

Code and stacks are delivered, versions are not: every environment trains, approves and promotes its
own. What serves is changed by promotion alone; a delivery leaves it as it is. No key is kept
anywhere.

{steps}

Every merge is checked, goes through the environments, and reaches production if the gate is open
and a person agrees. `mlaudit gate` says what would open it. Until the whole share is reached, keep
the `audit.json` of a scan as `mlaudit-baseline.json` in the repository: then nothing may become
worse.
"""


def _roles(manifest: Manifest) -> str:
    stack = names.stack_name(manifest, "delivery")
    told = {
        Host.GITHUB: "`Environment` names the environment of the repository that it is for; "
        "`ProviderArn` is the OIDC provider of GitHub, if the account has one already",
        Host.CODEPIPELINE: "`ToolsAccountId` is the account of the pipeline",
        Host.JENKINS: "`AgentRoleArn` is the role of the machines that Jenkins runs on",
    }[manifest.delivery.host]
    where = ", ".join(
        f"{stage} ({account})" if (account := commands.account_of(manifest, stage)) else stage
        for stage in commands.environments(manifest)
    )
    return (
        f"Deploy `templates/delivery.yaml` as stack `{stack}` to each account: {where}. {told}. "
        "`AuditPolicyArn` is a managed policy made of what `mlaudit policy` prints."
    )


def _of_github(_: Manifest) -> list[str]:
    return [
        (
            "Make the environments in the settings of the repository, with the variables "
            "`DEPLOY_ROLE_ARN` and `CLOUDFORMATION_ROLE_ARN` (outputs of that stack). Give "
            "`production` required reviewers."
        ),
        (
            "Give the repository the variables `AWS_REGION`, `MLAUDIT_PACKAGE` (what pip installs "
            "as mlaudit) and `AUDIT_ROLE_ARN` (output of that stack, before production)."
        ),
        "Put `.github`, `deploy.py`, `.pre-commit-config.yaml` beside `pipeline.yaml`, and push.",
    ]


def _of_codepipeline(manifest: Manifest) -> list[str]:
    stack = names.stack_name(manifest, "delivery-pipeline")
    return [
        (
            "Deploy `templates/foundation.yaml` and then `templates/delivery-pipeline.yaml` (stack "
            f"`{stack}`) to the account of the pipeline, with the outputs of the first stacks."
        ),
        "Confirm the connection to the git host in the console: it is pending until then.",
        (
            "Put the `buildspec*.yml`, `deploy.py` and `.pre-commit-config.yaml` beside "
            "`pipeline.yaml`, and push."
        ),
    ]


def _of_jenkins(_: Manifest) -> list[str]:
    return [
        (
            "Give the agents `AWS_REGION`, `MLAUDIT_PACKAGE` and, for each environment in capital "
            "letters, `<ENVIRONMENT>_DEPLOY_ROLE_ARN`, `<ENVIRONMENT>_CLOUDFORMATION_ROLE_ARN` and "
            "`<ENVIRONMENT>_AUDIT_ROLE_ARN` (outputs of that stack)."
        ),
        (
            "Put `Jenkinsfile`, `deploy.py` and `.pre-commit-config.yaml` beside "
            "`pipeline.yaml`, and push."
        ),
    ]


_OF_HOST: dict[Host, Callable[[Manifest], list[str]]] = {
    Host.GITHUB: _of_github,
    Host.CODEPIPELINE: _of_codepipeline,
    Host.JENKINS: _of_jenkins,
}


def _confirm(manifest: Manifest) -> str:
    people = ", ".join(manifest.approvals.notify)
    return (
        f"After the first delivery {people} get a mail for each account: alarms reach nobody "
        "before its link is followed. `aws sns list-subscriptions-by-topic` shows "
        "`PendingConfirmation` until then."
    )


def _approve(manifest: Manifest) -> str:
    pipeline = names.training_pipeline(manifest)
    return (
        f"Run `{pipeline}` in each environment, let somebody else than its author approve the "
        "version it registers, and deliver again: stacks that serve wait for the first one."
    )
