"""What a template says that deploying it has to know, and whether two are the same."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import yaml

from mlaudit.errors import MlauditError
from mlaudit.remediate.change import Document

HIDDEN = "****"
"""What CloudFormation shows of a parameter that must not be seen."""

_Loader = getattr(yaml, "CSafeLoader", yaml.SafeLoader)
_NULL = "tag:yaml.org,2002:null"


@dataclass(frozen=True, slots=True)
class Template:
    """A template that can be read.

    Attributes:
        text: It as it is written.
        content: What it says, without comments and layout; functions by their short tags.
    """

    text: str
    content: Document

    @property
    def parameters(self) -> Mapping[str, Document]:
        """The declarations of its parameters by their names."""
        return self._section("Parameters")

    @property
    def resources(self) -> Mapping[str, Document]:
        """Its resources by their logical ids."""
        return self._section("Resources")

    def values(self, given: Mapping[str, str], previous: Mapping[str, str]) -> Mapping[str, str]:
        """What its parameters will be: what is given, else what it is, else the default."""
        found: dict[str, str] = {}
        for name, declared in self.parameters.items():
            if str(declared.get("NoEcho", "")).lower() == "true":
                found[name] = HIDDEN
            elif (
                value := given.get(name, previous.get(name, declared.get("Default")))
            ) is not None:
                found[name] = str(value)
        return found

    def _section(self, name: str) -> Mapping[str, Any]:
        found = self.content.get(name)
        return found if isinstance(found, Mapping) else {}


def read_template(body: str | Document) -> Template:
    """Read a template as it is written, or as GetTemplate answers it.

    Raises:
        MlauditError: It is neither YAML nor JSON.
    """
    text = body if isinstance(body, str) else json.dumps(body, ensure_ascii=False)
    try:
        content = _plain(yaml.compose(text, Loader=_Loader))
    except (yaml.YAMLError, RecursionError) as error:
        raise MlauditError(f"The template cannot be read: {error}.") from error
    if not isinstance(content, Mapping):
        raise MlauditError("The template cannot be read: it has no sections.")
    return Template(text, content)


def digest(template: Template, parameters: Mapping[str, str]) -> str:
    """The SHA-256 sum of a template and its parameters, however the template is laid out."""
    told = json.dumps([template.content, dict(parameters)], sort_keys=True)
    return hashlib.sha256(told.encode()).hexdigest()


def _plain(node: yaml.Node | None) -> Any:
    if isinstance(node, yaml.MappingNode):
        value: Any = {str(key.value): _plain(each) for key, each in node.value}
    elif isinstance(node, yaml.SequenceNode):
        value = [_plain(each) for each in node.value]
    else:
        value = None if node is None or node.tag == _NULL else node.value
    return {node.tag: value} if node is not None and node.tag.startswith("!") else value
