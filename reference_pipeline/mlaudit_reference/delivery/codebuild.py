"""Build specifications of CodeBuild, for the stages of the stack ``delivery-pipeline``.

The stage says what pip installs as mlaudit, the commit, and the roles of its account.
"""

from __future__ import annotations

from typing import Any

from mlaudit_reference.delivery import commands
from mlaudit_reference.manifest import Manifest

DEPLOY_FILE = "buildspec-deploy.yml"
DECISION = "CODEBUILD_SRC_DIR_Decision"
"""Where the artefact of the gate lies, in a stage that has one."""


def check() -> dict[str, Any]:
    """Check the change and compile it."""
    keeps = [f"{commands.OUT}/**/*", "deploy.py", DEPLOY_FILE]
    return _specification([commands.INSTALL, *commands.CHECK], keeps)


def gate(manifest: Manifest) -> dict[str, Any]:
    """Ask the gates; one that is not open fails the build, and so the stage."""
    reports = {
        commands.REPORTS: {
            "base-directory": commands.REPORTS,
            "files": ["junit.xml"],
            "file-format": "JUNITXML",
        }
    }
    asked = [commands.INSTALL, *commands.gate(manifest, role="$AUDIT_ROLE_ARN")]
    return {**_specification(asked, [f"{commands.REPORTS}/**/*"]), "reports": reports}


def deploy(manifest: Manifest) -> dict[str, Any]:
    """Deploy what was compiled; with the decision of the gate in the stage that comes after it."""
    fetch = f'test -z "${DECISION}" || cp -R "${DECISION}"/. .'
    runs = [
        f'if test "$STAGE" = {stage}; then '
        f"{commands.deploy(manifest, stage, '$COMMIT', role='$DEPLOY_ROLE_ARN')}; fi"
        for stage in commands.environments(manifest)
    ]
    return _specification(["python -m pip install --quiet boto3", fetch, *runs], [])


def _specification(run: list[str], keeps: list[str]) -> dict[str, Any]:
    found: dict[str, Any] = {
        "version": 0.2,
        "phases": {
            "install": {"runtime-versions": {"python": commands.PYTHON}},
            "build": {"on-failure": "ABORT", "commands": run},
        },
    }
    return {**found, "artifacts": {"files": keeps}} if keeps else found
