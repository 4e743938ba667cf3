"""Small readings of reply members that several collectors share."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping
from datetime import UTC, datetime
from typing import Any

from mlaudit.resources import ResourceTags

_NUMBER_OR_FLAG = re.compile(r"[+-]?\d+(\.\d+)?([eE][+-]?\d+)?|true|false", re.IGNORECASE)
_SECRET_NAME = re.compile(
    r"secret|token|passw|passphrase|pwd|credential|api[_-]?key|access[_-]?key|private|bearer"
    r"|connection[_-]?string",
    re.IGNORECASE,
)
_SECRET_VALUE = re.compile(
    r"\b(AKIA|ASIA)[A-Z0-9]{12,}|-----BEGIN|eyJ[\w-]{10,}\.|://[^/\s@]+@"
    r"|\b(gh[pousr]_|github_pat_|glpat-|hf_|sk-|sk_live_|xox[abprs]-|AIza)[\w-]{16,}"
)
_SECRET_ACCESS_KEY = re.compile(
    r"(?=[^a-z]*[a-z])(?=[^A-Z]*[A-Z])(?=\D*\d)(?<![A-Za-z0-9/+])[A-Za-z0-9/+]{40}={0,2}"
)
_LOGIN = re.compile(r"(?<=://)[^/\s@]+@")
NOT_KEPT = "(not kept)"


def utc(moment: datetime) -> datetime:
    """Bring a time to UTC."""
    return moment.astimezone(UTC)


def unqualified(arn: str) -> str:
    """The ARN of a function or a state machine without a version or alias; any other unchanged."""
    versioned = (":lambda:", ":states:")
    return ":".join(arn.split(":")[:7]) if any(each in arn for each in versioned) else arn


def utc_or_none(moment: datetime | None) -> datetime | None:
    """Bring a time to UTC where there is one."""
    return moment and utc(moment)


def tag_map(tags: Iterable[Mapping[str, str]] | None) -> dict[str, str]:
    """Turn AWS's list of tags into a mapping, without values that look like secrets."""
    return kept_tags({tag["Key"]: tag.get("Value", "") for tag in tags or ()})


def kept_tags(tags: Mapping[str, str] | None) -> dict[str, str]:
    """Keep every tag's key, and its value unless it looks like a secret."""
    return {
        key: NOT_KEPT if looks_secret(key, value) else value for key, value in (tags or {}).items()
    }


def looks_secret(name: str, value: str) -> bool:
    """Tell whether a named value may be a secret."""
    return bool(
        _SECRET_NAME.search(name)
        or _SECRET_VALUE.search(value)
        or _SECRET_ACCESS_KEY.fullmatch(value)
    )


def without_login(url: str | None) -> str | None:
    """A URL without the user name, password or token that may stand before its host."""
    return url and _LOGIN.sub("", url)


def kept_hyperparameters(values: Mapping[str, str] | None) -> dict[str, str]:
    """Keep every hyperparameter's name, and its value only when it is a number or a flag."""
    return {
        name: value
        if _NUMBER_OR_FLAG.fullmatch(value) and not _SECRET_NAME.search(name)
        else NOT_KEPT
        for name, value in (values or {}).items()
    }


def tags_by_arn(tags: Iterable[ResourceTags]) -> dict[str, Mapping[str, str]]:
    """Index the account-wide listing of tags."""
    return {each.arn: each.tags for each in tags}


def s3_uris(members: Iterable[Mapping[str, Any]] | None, *path: str) -> tuple[str, ...]:
    """The S3 locations found under a path in each member, where there is one."""
    found = (_at(member, path) for member in members or ())
    return tuple(str(uri) for uri in found if uri)


def _at(member: Mapping[str, Any], path: tuple[str, ...]) -> Any:
    value: Any = member
    for key in path:
        value = (value or {}).get(key)
    return value
