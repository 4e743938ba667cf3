"""What of the reference pipeline is there already: its stacks, its manifest, its versions."""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any, TypeVar

import yaml
from pydantic import ValidationError

from mlaudit.collect.operation import Operation, lists
from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Document, RefusedError
from mlaudit.remediate.stacks.found import OWNER, Found, find_stack
from mlaudit.remediate.stacks.operations import DESCRIBE_STACKS, GET_TEMPLATE
from mlaudit.remediate.stacks.site import Site
from mlaudit.remediate.stacks.template import read_template
from mlaudit_reference.delivery.deploy import BY_HAND, newest
from mlaudit_reference.manifest import Manifest, read_manifest
from mlaudit_reference.offers import files_of
from mlaudit_reference.templates.finish import RECORD
from mlaudit_reference.templates.stacks import STACKS

T = TypeVar("T")

LIST_VERSIONS = lists("sagemaker", "ListModelPackages", "ModelPackageSummaryList")
DESCRIBE_VERSION = Operation("sagemaker", "DescribeModelPackage")
GET_ACCOUNT = Operation("apigateway", "GetAccount", iam="apigateway:GET")
READS = (DESCRIBE_STACKS, GET_TEMPLATE, LIST_VERSIONS, DESCRIBE_VERSION, GET_ACCOUNT)
"""Every operation that looking for what can be offered may call."""

_METADATA = "Metadata"


@dataclass(frozen=True)
class Seen:
    """Something that was looked for.

    Attributes:
        value: What it is; ``None`` for what is not there.
        unseen: Why it could not be seen, in words; empty where it could.
    """

    value: Any = None
    unseen: str = ""


@dataclass(frozen=True)
class Deployed:
    """The stacks of one system in one region.

    Attributes:
        name: The name of the system.
        workload: The workload that it is for.
        site: Where to ask.
    """

    name: str
    workload: str
    site: Site

    @cached_property
    def stacks(self) -> Mapping[str, Found]:
        """What is there, by the short names of the stacks.

        Raises:
            RefusedError: AWS does not tell.
        """
        names = [each.name for each in STACKS if each.name not in BY_HAND]
        found = ((name, find_stack(f"{self.name}-{name}", self.site)) for name in names)
        return {name: each for name, each in found if each is not None and each.is_made}

    @property
    def own(self) -> Mapping[str, Found]:
        """Those of them that are for the workload, as their tag says."""
        return {
            name: each
            for name, each in self.stacks.items()
            if each.tags.get(OWNER) == self.workload
        }

    @cached_property
    def manifest(self) -> Manifest | None:
        """The manifest that the stacks are of; ``None`` where they tell none.

        A stack that does not change keeps the manifest that it was made from. So where stacks tell
        several, the one is meant that the most of them are as it says.

        Raises:
            MlauditError: This version does not understand it.
        """
        told = {text: None for each in self.own.values() for text in _record_of(each)}
        manifests = [self._read(text) for text in told]
        if len(manifests) > 1:
            manifests.sort(key=self._agreeing)
        return manifests[-1] if manifests else None

    def _read(self, text: str) -> Manifest:
        try:
            return read_manifest(json.loads(text))
        except (ValueError, ValidationError) as error:
            raise MlauditError(
                f"The stacks {self.name}-* were deployed from a manifest that this mlaudit does "
                "not understand. Give your own by --manifest."
            ) from error

    def _agreeing(self, manifest: Manifest) -> int:
        files = files_of(manifest)
        return sum(
            is_same(files.get(f"templates/{name}.yaml"), each) for name, each in self.own.items()
        )

    @cached_property
    def version(self) -> Seen:
        """The newest approved version, as DescribeModelPackage answers it."""
        return self._seen(lambda: newest(self.name, self._sagemaker))

    @cached_property
    def logs_of_apis(self) -> Seen:
        """The ARN of the role by which API Gateway logs in the account."""
        return self._seen(lambda: self.site.call(GET_ACCOUNT).get("cloudwatchRoleArn") or None)

    def _sagemaker(self, operation: str, params: Document) -> Document:
        return self.site.ask("sagemaker", operation, params)

    def _seen(self, look: Callable[[], T]) -> Seen:
        try:
            return Seen(look())
        except RefusedError as error:
            return Seen() if "does not exist" in error.message else Seen(unseen=str(error))


def is_same(template: bytes | None, found: Found) -> bool:
    """Whether a template is what a stack has, but for the manifest that stands in both."""
    if template is None:
        return False
    return _content(read_template(template.decode()).content) == _content(found.template.content)


def own_pipeline(workload: str, site: Site) -> bool:
    """Whether a workload is a system of the reference pipeline itself, deployed under its name.

    Raises:
        RefusedError: AWS does not tell.
    """
    found = find_stack(f"{workload}-foundation", site)
    return found is not None and found.is_made and any(_record_of(found))


def _content(content: Document) -> Document:
    return {name: each for name, each in content.items() if name != _METADATA}


def _record_of(found: Found) -> Iterator[str]:
    metadata = found.template.content.get(_METADATA)
    if isinstance(metadata, Mapping) and isinstance(text := metadata.get(RECORD), str):
        yield text


def template_of(text: str | bytes) -> Document:
    """A template of the reference pipeline with numbers as numbers: it has no short tags."""
    found: Document = yaml.safe_load(text)
    return found
