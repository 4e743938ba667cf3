"""Everything that a manifest is compiled into, as files."""

from __future__ import annotations

import json
from collections.abc import Callable, Mapping
from typing import Any

import yaml

from mlaudit_reference import bundle, names
from mlaudit_reference.definitions.places import documents
from mlaudit_reference.delivery.repository import repository_files
from mlaudit_reference.engines.files import of_engine
from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates.finish import Template, tags_of
from mlaudit_reference.templates.language import Stack
from mlaudit_reference.templates.stacks import stacks_of, template

Files = Mapping[str, bytes]
"""Contents by their paths below the output folder, with ``/`` between the parts."""

PARTS: tuple[Callable[[Manifest], Files], ...] = (of_engine, repository_files)
"""What is compiled beside the templates: definitions, and files for the repository."""

INLINE_LIMIT = 51_200
"""Bytes of a template that CloudFormation takes in a request; a longer one is read from S3."""


def compiled(manifest: Manifest) -> dict[str, bytes]:
    """Compile a manifest; the same manifest gives the same bytes.

    Returns:
        ``templates/<stack>.yaml``, ``stacks.json`` (the order of deployment, and what each stack
        takes), ``code/…`` and ``documents/…`` (what goes to the artifact bucket), and what
        ``PARTS`` give.
    """
    templates = {stack: template(stack, manifest) for stack in stacks_of(manifest)}
    files = {_template_path(stack): _yaml(made) for stack, made in templates.items()}
    files["stacks.json"] = _json(_index(manifest, templates, files))
    files[_code_path(bundle.source_key())] = bundle.source_archive()
    files[_code_path(bundle.functions_key())] = bundle.functions_archive()
    files |= {_document_path(key): text for key, text in documents(manifest).items()}
    for part in PARTS:
        files |= part(manifest)
    return dict(sorted(files.items()))


def _index(
    manifest: Manifest, templates: Mapping[Stack, Template], files: Files
) -> Mapping[str, Any]:
    """What deploys the stacks needs to know."""
    return {
        "version": 1,
        "name": manifest.name,
        "tags": tags_of(manifest),
        "uploads": [
            {
                "file": file,
                "bucket_from_export": f"{manifest.name}-ArtifactBucketName",
                "key": key,
                "after": names.stack_name(manifest, "foundation"),
            }
            for key, file in _uploads(manifest).items()
        ],
        "stacks": [
            {
                **_described(stack, made, len(files[_template_path(stack)])),
                "stack_name": names.stack_name(manifest, stack.name),
                "needs": [names.stack_name(manifest, need) for need in stack.needs],
            }
            for stack, made in templates.items()
        ],
    }


def _uploads(manifest: Manifest) -> Mapping[str, str]:
    """The files that go to the artifact bucket, by their keys there."""
    code = (bundle.functions_key(), bundle.source_key())
    return {
        **{key: _code_path(key) for key in code},
        **{key: _document_path(key) for key in documents(manifest)},
    }


def _described(stack: Stack, made: Template, size: int) -> Mapping[str, Any]:
    has_roles = any(each["Type"] == "AWS::IAM::Role" for each in made["Resources"].values())
    return {
        "name": stack.name,
        "about": stack.about,
        "template": _template_path(stack),
        "gate": stack.gate,
        "capabilities": ["CAPABILITY_IAM"] if has_roles else [],
        "from_s3": size > INLINE_LIMIT,
        "parameters": {
            name: {key: each[key] for key in ("Description", "Default") if key in each}
            for name, each in made.get("Parameters", {}).items()
        },
    }


def _template_path(stack: Stack) -> str:
    return f"templates/{stack.name}.yaml"


def _code_path(key: str) -> str:
    return f"code/{key.rsplit('/', 1)[1]}"


def _document_path(key: str) -> str:
    return f"documents/{key.rsplit('/', 1)[1]}"


def _json(document: Mapping[str, Any]) -> bytes:
    return (json.dumps(document, indent=2) + "\n").encode()


def _yaml(document: Mapping[str, Any]) -> bytes:
    return yaml.dump(document, Dumper=_Plain, sort_keys=False, width=100).encode()


class _Plain(yaml.SafeDumper):
    """Writes a part that is used twice out twice: CloudFormation knows no aliases of YAML."""

    def ignore_aliases(self, data: object) -> bool:  # noqa: ARG002 - as PyYAML calls it
        """Answer that nothing is abbreviated."""
        return True
