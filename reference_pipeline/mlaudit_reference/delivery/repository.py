"""All files for the repository, by the host that the manifest names."""

from __future__ import annotations

from collections.abc import Mapping
from importlib.resources import files
from typing import Any

import yaml

from mlaudit_reference.delivery import codebuild, github, jenkins
from mlaudit_reference.delivery.guide import guide
from mlaudit_reference.manifest import Host, Manifest

FOLDER = "repository/"
"""Where they lie below the output folder; their content belongs at the top of the repository."""


def repository_files(manifest: Manifest) -> Mapping[str, bytes]:
    """What a repository needs to check and deliver a system, by paths; nothing if unwanted."""
    if not manifest.delivery.enabled:
        return {}
    found = {
        "deploy.py": (files("mlaudit_reference") / "delivery" / "deploy.py").read_bytes(),
        "DELIVERY.md": guide(manifest).encode(),
        ".pre-commit-config.yaml": as_yaml(PRE_COMMIT),
        **_OF_HOST[manifest.delivery.host](manifest),
    }
    return {f"{FOLDER}{name}": content for name, content in found.items()}


def _of_github(manifest: Manifest) -> Mapping[str, bytes]:
    return {
        ".github/workflows/check.yml": as_yaml(github.check(manifest)),
        ".github/workflows/deliver.yml": as_yaml(github.deliver(manifest)),
    }


def _of_codepipeline(manifest: Manifest) -> Mapping[str, bytes]:
    return {
        "buildspec.yml": as_yaml(codebuild.check()),
        "buildspec-gate.yml": as_yaml(codebuild.gate(manifest)),
        codebuild.DEPLOY_FILE: as_yaml(codebuild.deploy(manifest)),
    }


def _of_jenkins(manifest: Manifest) -> Mapping[str, bytes]:
    return {"Jenkinsfile": jenkins.jenkinsfile(manifest).encode()}


_OF_HOST = {
    Host.GITHUB: _of_github,
    Host.CODEPIPELINE: _of_codepipeline,
    Host.JENKINS: _of_jenkins,
}

PRE_COMMIT: dict[str, Any] = {
    "repos": [
        {
            "repo": "https://github.com/pre-commit/pre-commit-hooks",
            "rev": "v5.0.0",
            "hooks": [
                {"id": "check-added-large-files", "args": ["--maxkb=1024"]},
                {"id": "check-json"},
                {"id": "check-merge-conflict"},
                {"id": "check-yaml", "args": ["--unsafe"]},
                {"id": "detect-private-key"},
                {"id": "end-of-file-fixer"},
            ],
        },
        {
            "repo": "https://github.com/astral-sh/ruff-pre-commit",
            "rev": "v0.13.0",
            "hooks": [{"id": "ruff-check"}, {"id": "ruff-format"}],
        },
        {
            "repo": "https://github.com/kynan/nbstripout",
            "rev": "0.8.1",
            "hooks": [{"id": "nbstripout"}],
        },
    ]
}
"""Checks before every commit (guide item 5.1): no secret, no output of notebooks, one style."""


def as_yaml(
    document: Mapping[str, Any], origin: str = "# Generated from pipeline.yaml.\n"
) -> bytes:
    """A document as a file that begins with a comment on where it comes from."""
    text = yaml.dump(document, Dumper=_Plain, sort_keys=False, width=1000)
    return f"{origin}{text}".encode()


class _Plain(yaml.SafeDumper):
    """Writes what is used twice out twice."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - as PyYAML calls it
        """Answer that nothing is abbreviated."""
        return True
