"""Read what a request asks a stack to be."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fnmatch import fnmatchcase
from urllib.parse import unquote, urlsplit

from mlaudit.emulator.cloud import Call, Record
from mlaudit.emulator.cloudformation import (
    parameters,
    providers,
    references,
    schemas,
    templates,
)
from mlaudit.emulator.cloudformation.account import Account
from mlaudit.emulator.cloudformation.records import Request, Stack
from mlaudit.emulator.cloudformation.templates import Template, invalid
from mlaudit.emulator.errors import Refusal

_HOST = re.compile(r"^(?:(?P<bucket>.+)\.)?s3[.-](?:[a-z0-9-]+\.)?amazonaws\.com$")
_NAMED_IDENTITIES: Mapping[str, str] = {
    "AWS::IAM::Group": "GroupName",
    "AWS::IAM::InstanceProfile": "InstanceProfileName",
    "AWS::IAM::ManagedPolicy": "ManagedPolicyName",
    "AWS::IAM::Role": "RoleName",
    "AWS::IAM::User": "UserName",
}
_IDENTITIES = frozenset(
    [
        *_NAMED_IDENTITIES,
        "AWS::IAM::AccessKey",
        "AWS::IAM::Policy",
        "AWS::IAM::UserToGroupAddition",
    ]
)
_KEPT = (
    "DisableRollback",
    "NotificationARNs",
    "RetainExceptOnCreate",
    "RoleARN",
    "TimeoutInMinutes",
)


def template_of(call: Call, stack: Stack | None = None) -> Template:
    """Return the template of a request: its text, that of an object in S3, or the one in use.

    Raises:
        Refusal: There is none, or it is wrong.
    """
    params = call.params
    if params.get("UsePreviousTemplate") and stack is not None:
        return stack.asked.template
    if ("TemplateBody" in params) == ("TemplateURL" in params):
        raise invalid("Either Template URL or Template Body must be specified.")
    body = params.get("TemplateBody")
    template = templates.read(body if body is not None else _fetched(call, params["TemplateURL"]))
    references.check(template)
    return template


def asked(call: Call, stack: Stack | None = None) -> Request:
    """Return what a request asks a stack to be.

    Args:
        call: The request.
        stack: The stack as it is; None for a new one.

    Raises:
        Refusal: The template or a parameter is wrong.
    """
    template = template_of(call, stack)
    _check_made(template)
    _check_wanted(template, call.params.get("ResourceTypes") or ["*"])
    previous = stack.asked if stack else None
    tags = call.params.get("Tags")
    if tags is None:
        stack_tags = dict(previous.tags) if previous else {}
    else:
        stack_tags = {each["Key"]: each["Value"] for each in tags}
    if any(key.startswith("aws:") for key in stack_tags):
        raise invalid("aws: prefixed tag key names are not allowed for external use.")
    return Request(
        template=template,
        values=parameters.values(
            call, template, call.params.get("Parameters", []), previous.values if previous else {}
        ),
        tags=stack_tags,
        capabilities=list(call.params.get("Capabilities", [])),
        settings={key: call.params[key] for key in _KEPT if key in call.params},
    )


def check_acknowledged(request: Request, *, directly: bool) -> None:
    """Refuse a template that does what was not acknowledged.

    Args:
        request: What is asked for.
        directly: Whether nobody reviews the changes that transforms make.

    Raises:
        Refusal: That is so.
    """
    given = set(request.capabilities)
    needed, _ = capabilities(request.template)
    missing = [each for each in needed if not given & _ENOUGH[each]]
    if not directly:
        missing = [each for each in missing if each != "CAPABILITY_AUTO_EXPAND"]
    if missing:
        raise Refusal(
            "InsufficientCapabilitiesException", f"Requires capabilities : [{', '.join(missing)}]"
        )


def capabilities(template: Template) -> tuple[list[str], str]:
    """Return what has to be acknowledged for a template, and why."""
    found, types = [], []
    for resource in template.resources.values():
        if resource["Type"] in _IDENTITIES:
            types.append(resource["Type"])
            name = _NAMED_IDENTITIES.get(resource["Type"], "")
            named = name in (resource.get("Properties") or {})
            found.append("CAPABILITY_NAMED_IAM" if named else "CAPABILITY_IAM")
    needed = ["CAPABILITY_NAMED_IAM"] if "CAPABILITY_NAMED_IAM" in found else sorted(set(found))
    if template.transforms:
        needed.append("CAPABILITY_AUTO_EXPAND")
    listed = ", ".join(sorted(set(types)))
    reason = f"The following resource(s) require capabilities: [{listed}]" if types else ""
    return needed, reason


def described(template: Template) -> Record:
    """Return what a template says of itself."""
    needed, reason = capabilities(template)
    return {
        "Description": template.content.get("Description"),
        "Capabilities": needed or None,
        "CapabilitiesReason": reason or None,
        "DeclaredTransforms": list(template.transforms) or None,
    }


def types_of(template: Template) -> list[str]:
    """Return the types of a template's resources, each once."""
    return sorted({each["Type"] for each in template.resources.values()})


def identifiers(template: Template) -> list[Record]:
    """Return what identifies the resources of a template, for importing them."""
    return [
        {
            "ResourceType": name,
            "LogicalResourceIds": [
                each for each, entry in template.resources.items() if entry["Type"] == name
            ],
            "ResourceIdentifiers": list(schemas.schema(name).identifier),
        }
        for name in types_of(template)
    ]


def _check_made(template: Template) -> None:
    """Refuse a template with a type that the registry knows and nothing here makes.

    Raises:
        Refusal: That is so; nothing is half made then.
    """
    unknown = [name for name in types_of(template) if not providers.supported(name)]
    if unknown:
        listed = ", ".join(unknown)
        raise invalid(f"The emulated account does not make resources of these types: [{listed}]")


def _check_wanted(template: Template, patterns: list[str]) -> None:
    """Refuse a template with types that the request does not allow, as ``AWS::Logs::*`` does."""
    for name in types_of(template):
        if not any(fnmatchcase(name, pattern) for pattern in patterns):
            raise invalid(
                f"Resource type {name} is not allowed by parameter ResourceTypes {patterns}"
            )


def _fetched(call: Call, url: str) -> str:
    """Return the text of an object of the account that a URL of S3 names."""
    parts = urlsplit(url)
    path = unquote(parts.path).lstrip("/")
    host = _HOST.match(parts.hostname or "")
    bucket = host["bucket"] if host else None
    if bucket is None:
        bucket, _, path = path.partition("/")
    try:
        answer = Account(call).ask("s3", "GetObject", {"Bucket": bucket, "Key": path})
    except Refusal as refusal:
        raise invalid(f"S3 error: {refusal.message}") from refusal
    text: str = answer["Body"].read().decode()
    return text


_ENOUGH: Mapping[str, frozenset[str]] = {
    "CAPABILITY_AUTO_EXPAND": frozenset(["CAPABILITY_AUTO_EXPAND"]),
    "CAPABILITY_IAM": frozenset(["CAPABILITY_IAM", "CAPABILITY_NAMED_IAM"]),
    "CAPABILITY_NAMED_IAM": frozenset(["CAPABILITY_NAMED_IAM"]),
}
