"""Every command that a document shows is one that mlaudit takes."""

import re
import shlex
from collections.abc import Callable, Iterator, Sequence
from pathlib import Path
from typing import Any

import pytest
import typer.main

from mlaudit.cli import app

Parse = Callable[[Sequence[str]], None]

_LINE = re.compile(r"^ {0,6}(?:\$ )?(mlaudit .+)$", re.MULTILINE)
_IN_PROSE = re.compile(r"`(mlaudit [^`\n]+)`")
_BLOCK = re.compile(r"^```[^\n]*\n(.*?)^```", re.MULTILINE | re.DOTALL)
_AFTER = re.compile(r" (?:\||\|\||&&|;|>|>>|<)(?: |$)")
_GOES_ON = re.compile(r" *\\?\n *(?=--)|\\\n *")
_USAGE = "[OPTIONS]"


def _shown(markdown: str) -> Iterator[str]:
    blocks = _BLOCK.findall(markdown)
    yield from (line for block in blocks for line in _lines(block))
    yield from _IN_PROSE.findall(_BLOCK.sub("", markdown))


def _lines(text: str) -> list[str]:
    return _LINE.findall(_GOES_ON.sub(" ", text))


def _words(line: str) -> list[str]:
    """The words of a command, without what comes after it."""
    return shlex.split(_AFTER.split(line)[0], comments=True)[1:]


def test_the_documents_show_commands_that_work(
    repository_files: tuple[Path, ...], parse: Parse
) -> None:
    lines = [
        (path, line)
        for path in repository_files
        if path.suffix == ".md"
        for line in _shown(path.read_text("utf-8"))
        if _USAGE not in line
    ]
    assert len(lines) > 20
    for path, line in lines:
        try:
            parse(_words(line))
        except AssertionError as wrong:
            pytest.fail(f"{path}: {line}: {wrong}")


def test_the_help_shows_commands_that_work(parse: Parse) -> None:
    texts = list(_helps(typer.main.get_command(app)))
    lines = [line for text in texts for line in _lines(text)]
    assert len(lines) > len(texts)
    for line in lines:
        parse(_words(line))


def _helps(command: Any) -> Iterator[str]:
    nested = getattr(command, "commands", {})
    if not nested:
        yield command.help or ""
    for each in nested.values():
        yield from _helps(each)


@pytest.mark.parametrize(
    "line",
    [
        "mlaudit promote",
        "mlaudit gate --target sky --workload fraud",
        "mlaudit gate --workload fraud",
        "mlaudit scan --gate",
        "mlaudit verify --quiet",
        "mlaudit checks drop 4.5",
    ],
)
def test_a_command_that_does_not_work_would_be_found(parse: Parse, line: str) -> None:
    with pytest.raises(AssertionError, match="mlaudit"):
        parse(_words(line))
