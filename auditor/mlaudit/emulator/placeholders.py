"""Fill the ${placeholders} of scenario files."""

from __future__ import annotations

import re
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

_PLACEHOLDER = re.compile(r"\$\{([^${}]+)\}")
_AGO = re.compile(r"^-(?:(?P<days>\d+)d)?(?:(?P<hours>\d+)h)?(?:(?P<minutes>\d+)m)?$")


class UnknownPlaceholderError(ValueError):
    """A placeholder names nothing, or a time is written in a way that is not understood."""


def filled(value: Any, names: Mapping[str, Any], now: datetime) -> Any:
    """Return a value with its placeholders replaced; a string that is one keeps the type."""
    if isinstance(value, dict):
        return {filled(key, names, now): filled(item, names, now) for key, item in value.items()}
    if isinstance(value, list):
        return [filled(item, names, now) for item in value]
    if not isinstance(value, str):
        return value
    whole = _PLACEHOLDER.fullmatch(value)
    if whole:
        return _meaning(whole[1], names, now)
    text = _PLACEHOLDER.sub(lambda found: str(_meaning(found[1], names, now)), value)
    return filled(text, names, now) if _PLACEHOLDER.search(text) and text != value else text


def moment(text: str, now: datetime) -> datetime:
    """Return the moment that `now`, `-3d`, `-2h` or `-1d12h` means."""
    if text == "now":
        return now
    found = _AGO.match(text)
    if found is None or text == "-":
        raise UnknownPlaceholderError(f"{text!r} is not a time; write now, -3d, -2h or -1d12h30m")
    return now - timedelta(**{unit: int(number or 0) for unit, number in found.groupdict().items()})


def _day(text: str, now: datetime) -> str:
    """Return the day of a moment, or of one that is still to come, such as `+60d`."""
    ahead = text.startswith("+")
    there = moment(f"-{text[1:]}" if ahead else text, now)
    return (now + (now - there) if ahead else there).date().isoformat()


def _meaning(name: str, names: Mapping[str, Any], now: datetime) -> Any:
    kind, colon, ago = name.partition(":")
    if colon and kind == "time":
        return moment(ago, now)
    if colon and kind == "day":
        return _day(ago, now)
    if colon and kind == "hour":
        return f"{moment(ago, now):%Y/%m/%d/%H}"
    if colon and kind == "ms":
        return int(moment(ago, now).timestamp() * 1000)
    if name not in names:
        known = ", ".join(sorted(names))
        raise UnknownPlaceholderError(f"${{{name}}} is not known here; known are {known}")
    return filled(names[name], names, now)
