"""Workflows of GitHub Actions; AWS is reached by OpenID Connect, and no key is kept anywhere.

Each environment of the repository has the variables ``DEPLOY_ROLE_ARN`` and
``CLOUDFORMATION_ROLE_ARN`` (outputs of the stack ``delivery`` in its account); ``production`` asks
its reviewers. The repository has ``AUDIT_ROLE_ARN`` (of the account before production),
``AWS_REGION`` and ``MLAUDIT_PACKAGE``.
"""

from __future__ import annotations

from typing import Any

from mlaudit_reference.delivery import commands
from mlaudit_reference.manifest import Manifest

CHECKOUT = {"uses": "actions/checkout@v4"}
PYTHON = {"uses": "actions/setup-python@v5", "with": {"python-version": commands.PYTHON}}
INSTALL = {"run": commands.INSTALL, "env": {commands.PACKAGE: "${{ vars.MLAUDIT_PACKAGE }}"}}
RUNNER = "ubuntu-latest"
READ: dict[str, str] = {"contents": "read"}
ASSUME: dict[str, str] = {**READ, "id-token": "write"}

Job = dict[str, Any]


def check(manifest: Manifest) -> dict[str, Any]:
    """The workflow of every change: style, tests, and templates that are understood."""
    return {
        "name": "check",
        "on": {"pull_request": {}, "push": {"branches-ignore": [manifest.delivery.branch]}},
        "permissions": READ,
        "jobs": {"check": _check()},
    }


def deliver(manifest: Manifest) -> dict[str, Any]:
    """The workflow of what is merged: check, and then one environment after the other."""
    stages = commands.environments(manifest)
    jobs: dict[str, Job] = {"check": _check()}
    before = "check"
    for stage in stages:
        if stage == stages[-1]:
            jobs["gate"] = _gate(manifest, before)
            before = "gate"
        jobs[f"deploy-{stage}"] = _deploy(manifest, stage, before)
        before = f"deploy-{stage}"
    return {
        "name": "deliver",
        "on": {"push": {"branches": [manifest.delivery.branch]}, "workflow_dispatch": {}},
        "permissions": READ,
        "concurrency": {"group": "deliver", "cancel-in-progress": False},
        "jobs": jobs,
    }


def _check() -> Job:
    return {
        "runs-on": RUNNER,
        "timeout-minutes": 30,
        "steps": [
            CHECKOUT,
            PYTHON,
            INSTALL,
            *({"run": command} for command in commands.CHECK),
            {
                "uses": "actions/upload-artifact@v4",
                "with": {"name": "compiled", "path": commands.OUT},
            },
        ],
    }


def _gate(manifest: Manifest, before: str) -> Job:
    """The audit keeps its reports whatever it decides."""
    keep = {
        "if": "${{ always() }}",
        "uses": "actions/upload-artifact@v4",
        "with": {"name": "gate", "path": f"{commands.REPORTS}/"},
    }
    return {
        "needs": before,
        "runs-on": RUNNER,
        "timeout-minutes": 60,
        "permissions": ASSUME,
        "steps": [
            CHECKOUT,
            PYTHON,
            INSTALL,
            _assume("AUDIT_ROLE_ARN"),
            *({"run": command} for command in commands.gate(manifest)),
            keep,
        ],
    }


def _deploy(manifest: Manifest, stage: str, before: str) -> Job:
    gated = before == "gate"
    artifacts = {"compiled": commands.OUT, **({"gate": commands.REPORTS} if gated else {})}
    return {
        "needs": before,
        "runs-on": RUNNER,
        "timeout-minutes": 180,
        "environment": stage,
        "permissions": ASSUME,
        "steps": [
            CHECKOUT,
            PYTHON,
            {"run": "python -m pip install --quiet boto3"},
            *(
                {"uses": "actions/download-artifact@v4", "with": {"name": name, "path": path}}
                for name, path in artifacts.items()
            ),
            _assume("DEPLOY_ROLE_ARN"),
            {
                "run": commands.deploy(manifest, stage, "$GITHUB_SHA"),
                "env": {"CLOUDFORMATION_ROLE_ARN": "${{ vars.CLOUDFORMATION_ROLE_ARN }}"},
            },
        ],
    }


def _assume(variable: str) -> dict[str, Any]:
    return {
        "uses": "aws-actions/configure-aws-credentials@v4",
        "with": {
            "role-to-assume": f"${{{{ vars.{variable} }}}}",
            "aws-region": "${{ vars.AWS_REGION }}",
        },
    }
