"""Who manages a resource: the stack or the tool that made it, and would change it back.

Source: CloudFormation gives what it makes the tag ``aws:cloudformation:stack-name``. Other tools
leave no mark of their own; these are the tags by which teams commonly say what they use.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from itertools import islice

from mlaudit.collect.operation import Operation
from mlaudit.remediate.change import Ask, RefusedError, State
from mlaudit.remediate.hands import Declared

LOOKING = Declared(reads=(Operation("resourcegroupstaggingapi", "GetResources"),))
"""What finding out who manages something calls."""

STACK = "aws:cloudformation:stack-name"
TOOLS: Mapping[str, str] = {
    "ansible": "Ansible",
    "cdk": "AWS CDK",
    "awscdk": "AWS CDK",
    "cdktf": "CDK for Terraform",
    "cloudformation": "CloudFormation",
    "crossplane": "Crossplane",
    "opentofu": "OpenTofu",
    "pulumi": "Pulumi",
    "serverlessframework": "Serverless Framework",
    "sst": "SST",
    "terraform": "Terraform",
    "terragrunt": "Terragrunt",
}
"""The tools, by how their names begin in keys of tags, or are all of a value, in letters alone."""

_SAYS_WHO = frozenset({
    "createdby",
    "deployedby",
    "deployedwith",
    "iac",
    "iactool",
    "managedby",
    "managedwith",
    "manager",
    "provisionedby",
    "provisioner",
})  # fmt: skip
"""The keys that name a tool, in letters alone; there it may be a part of a longer value."""

_NO = frozenset({"", "0", "false", "no", "none"})
_ABBREVIATION = 3
"""So short a value may mean something else."""
_MOST = 100
"""How many ARNs ``GetResources`` takes."""


class Managers:
    """Who manages which resource, as far as tags tell."""

    def __init__(self, ask: Callable[[str], Ask], ours: Collection[str]) -> None:
        """Take how to ask, and the names of the stacks that are ours."""
        self._ask = ask
        self._ours = frozenset(ours)
        self._tags: dict[tuple[str, str], Mapping[str, str]] = {}

    def look(self, region: str, arns: Iterable[str]) -> None:
        """Read the tags of some resources of a region.

        Raises:
            RefusedError: They cannot be read.
        """
        new = iter(dict.fromkeys(arn for arn in arns if (region, arn) not in self._tags))
        while some := list(islice(new, _MOST)):
            self._tags |= {(region, arn): {} for arn in some}
            for arn, tags in _tags_of(self._ask(region), some):
                self._tags[region, arn] = tags

    def of(self, region: str, arns: Iterable[str], state: State) -> str | None:
        """Who manages a resource, or what it belongs to; ``None`` where no tag says.

        Args:
            region: Where it is.
            arns: Its ARN and that of what it is changed for; both were looked for.
            state: Its state, which may have tags that the tagging API does not know of.
        """
        own = _tags_in(state)
        all_ = [own, *(self._tags[region, arn] for arn in arns)]
        return next((who for tags in all_ if (who := manager_of(tags, self._ours))), None)


def manager_of(tags: Mapping[str, str], ours: Collection[str] = ()) -> str | None:
    """Who the tags of a resource say manages it, other than the stacks that are ours."""
    stack = tags.get(STACK)
    if stack is not None:
        return None if stack in ours else f"the stack {stack}"
    return next((who for tag in sorted(tags.items()) if (who := _tool_of(*tag))), None)


def _tool_of(key: str, value: str) -> str | None:
    name, said = _letters(re.split(r"[:/.]", key)[-1]), _letters(value)
    if name in _SAYS_WHO:
        words = {_letters(word) for word in re.split(r"[^A-Za-z]+", value)}
        return TOOLS.get(said) or next((TOOLS[word] for word in TOOLS if word in words), None)
    if said in TOOLS and len(said) > _ABBREVIATION:
        return TOOLS[said]
    first = re.split(r"[^a-z]", re.sub(r"([a-z])([A-Z])", r"\1-\2", key).lower())
    by_key = TOOLS.get(first[0]) or TOOLS.get("".join(first[:2]))
    return by_key if said not in _NO else None


def _letters(text: str) -> str:
    return re.sub(r"[^a-z]", "", text.lower())


def _tags_of(ask: Ask, arns: list[str]) -> Iterator[tuple[str, Mapping[str, str]]]:
    try:
        page = ask("resourcegroupstaggingapi", "GetResources", {"ResourceARNList": arns})
    except RefusedError as error:
        if error.code != _NOT_ITS_KIND:
            raise
        page = {"PaginationToken": "the rest"}
    if page.get("PaginationToken") and len(arns) > 1:
        half = len(arns) // 2  # with a list of ARNs, no other page can be asked for
        yield from _tags_of(ask, arns[:half])
        yield from _tags_of(ask, arns[half:])
        return
    for each in page.get("ResourceTagMappingList", ()):
        yield each["ResourceARN"], {tag["Key"]: tag["Value"] for tag in each["Tags"]}


_NOT_ITS_KIND = "InvalidParameterException"
"""How the tagging API answers to an ARN of a kind that takes no tags; it does not say which."""


def _tags_in(state: State) -> Mapping[str, str]:
    """The tags that are a part of a state, in either of the forms that services have for them."""
    for name in ("Tags", "tags"):
        tags = (state or {}).get(name)
        if isinstance(tags, Mapping):
            return tags
        if isinstance(tags, list):
            return {each["Key"]: each["Value"] for each in tags}
    return {}
