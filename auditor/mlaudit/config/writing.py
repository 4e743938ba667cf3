"""Add an attestation to the text of a configuration file, and leave the rest as it is."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import fields, replace
from datetime import date
from pathlib import Path

import yaml

from mlaudit.config import ConfigError, parse_config
from mlaudit.declarations import Attestation

_KEY = "attestations"


def with_attestation(text: str, path: Path, word: Attestation) -> str:
    """Give the text of the file with the attestation at the end of the list.

    Args:
        text: The text of the file; empty where there is none yet.
        path: The file, for messages.
        word: The attestation.

    Raises:
        ConfigError: The file, or the file with the attestation, is not understood.
    """
    before = parse_config(text, path).declarations
    line_end = "\r\n" if "\r\n" in text else "\n"
    listed = _list(text)
    if listed and (listed.flow_style or not listed.value):
        raise ConfigError(
            f"{path}, line {listed.start_mark.line + 1}: {_KEY}: Write the list with one entry "
            "below the other, or leave the key out, so that one can be added."
        )
    at = _end_of_line(text, max(_ends(listed))) if listed else len(text)
    indent = listed.start_mark.column if listed else 0
    lines = [*([] if listed else [f"{_KEY}:"]), *_entry(word, indent)]
    gap = line_end if at and text[at - 1] != "\n" else ""
    after = text[:at] + gap + "".join(line + line_end for line in lines) + text[at:]
    expected = replace(before, attestations=(*before.attestations, word))
    if parse_config(after, path).declarations != expected:
        raise ConfigError(f"{path}: {_KEY}: Nothing can be added to a file written like this.")
    return after


def _list(text: str) -> yaml.SequenceNode | None:
    root = yaml.compose(text, Loader=yaml.SafeLoader)
    pairs = root.value if isinstance(root, yaml.MappingNode) else []
    return next((value for key, value in pairs if key.value == _KEY), None)


def _end_of_line(text: str, at: int) -> int:
    """Behind the line end that comes next, or was just passed."""
    if text[at - 1] == "\n":
        return at
    return text.find("\n", at) + 1 or len(text)


def _ends(node: yaml.Node) -> Iterator[int]:
    """Where the scalars of a node end; the node itself reaches over comments that follow."""
    if isinstance(node, yaml.MappingNode):
        for pair in node.value:
            yield from (end for each in pair for end in _ends(each))
    elif isinstance(node, yaml.SequenceNode) and not node.flow_style:
        for each in node.value:
            yield from _ends(each)
    else:
        yield node.end_mark.index


def _entry(word: Attestation, indent: int) -> Iterator[str]:
    for number, each in enumerate(fields(word)):
        value = getattr(word, each.name)
        start = " " * indent + ("  " if number else "- ")
        yield f"{start}{each.name}: {value if isinstance(value, date) else _quoted(value)}"


def _quoted(text: str) -> str:
    line = yaml.safe_dump(text, default_style='"', width=math.inf, allow_unicode=True)
    return str(line).strip()
