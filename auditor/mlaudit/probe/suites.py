"""Test suites by their names, and which of them a command runs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from mlaudit.probe.tools import LOAD_RUNNERS, TEST_RUNNERS, calls, commands_of
from mlaudit.resources.repository import SUITE_WORDS as WORDS
from mlaudit.resources.repository import FactKind

_TEST_FILE = re.compile(
    r"(?:.*/)?(?:test_[^/]*\.py|[^/]*_test\.(?:py|go)|[^/]*\.(?:test|spec)\.[jt]sx?"
    r"|[^/]*Tests?\.(?:java|kt|scala)|locustfile\.py|[^/]*\.jmx)"
)
_MARKER = re.compile(r"pytest\.mark\.(\w+)|^\s*(?:async\s+)?def\s+test_(\w+)")
_OF_LOAD_TOOL = re.compile(r"(?:.*/)?(?:locustfile\.py|[^/]*\.jmx)")
"""What no test runner runs, but a tool for load."""
_OPERAND = re.compile(r"[^\s'\",()\[\]]+")
_WITH_VALUE = frozenset(
    {"--confcutdir", "--cov", "--cov-config", "--cov-report", "--deselect", "--ignore",
     "--junitxml", "--maxfail", "--rootdir", "-c", "-k", "-m", "-n", "-o", "-p", "-W"}
)  # fmt: skip
"""Options of test runners whose next word is their value."""
_MODEL = re.compile(r"model|infer|predict|endpoint|classif|scor", re.IGNORECASE)
_NOT_FILLED_IN = "mlaudit: not filled in"
"""What the first line of a test says that mlaudit wrote and nobody has filled in."""
_BEGIN, _END = r"(?:^|[/_.\-\s:\"'=(])", r"(?:$|[/_.\-\s:\"')])"


def is_test(path: str) -> bool:
    """Whether a file holds tests, by its name."""
    return bool(_TEST_FILE.fullmatch(path))


def kinds_of(path: str, text: str) -> Iterator[tuple[FactKind, int]]:
    """The kinds of suite that a test file belongs to, each with a line that tells.

    What only waits for somebody to write the tests belongs to none.
    """
    if _NOT_FILLED_IN in text.partition("\n")[0]:
        return
    by_path = [kind for kind in WORDS if _named(kind, path) and _suits(kind, path, text)]
    yield from ((kind, 1) for kind in by_path)
    if not by_path:
        yield FactKind.UNIT_TESTS, 1
    told = set(by_path)
    for number, line in enumerate(text.splitlines(), 1):
        found = _MARKER.search(line[:500])
        name = (found[1] or found[2]) if found else ""
        for kind in WORDS if name else ():
            if kind not in told and _marks(kind, found, name) and _suits(kind, path, text):
                told.add(kind)
                yield kind, number


def _marks(kind: FactKind, found: re.Match[str] | None, name: str) -> bool:
    """A marker names any kind; the name of a test only what it tries."""
    of_marker = bool(found and found[1])
    return (of_marker or kind is FactKind.EXTREME_TESTS) and _named(kind, name)


def _suits(kind: FactKind, path: str, text: str) -> bool:
    """Extreme cases are those of a model: its tests speak of one."""
    return kind is not FactKind.EXTREME_TESTS or bool(_MODEL.search(path) or _MODEL.search(text))


def _named(kind: FactKind, text: str) -> bool:
    return bool(re.search(f"{_BEGIN}(?:{WORDS[kind]}){_END}", text, re.IGNORECASE))


@dataclass(frozen=True)
class Suites:
    """Where the suites of a repository are.

    Attributes:
        kinds: The kinds of suite below each folder, the top being an empty name.
        folders: All folders of the repository.
    """

    kinds: Mapping[str, frozenset[FactKind]]
    folders: frozenset[str]

    @classmethod
    def of(cls, found: Iterable[tuple[FactKind, str]], paths: Iterable[str]) -> Suites:
        """The suites of a kind by the paths of their files, and the paths of all files."""
        kinds: dict[str, set[FactKind]] = {}
        for kind, path in found:
            for folder in ("", *_above(path)) if not _OF_LOAD_TOOL.fullmatch(path) else ():
                kinds.setdefault(folder, set()).add(kind)
        folders = frozenset(folder for path in paths for folder in _above(path))
        return cls({each: frozenset(those) for each, those in kinds.items()}, folders)

    def named_by(self, arguments: str) -> frozenset[FactKind]:
        """The kinds below the folders that a runner is given; all where it is given none."""
        named = self.folders & set(_operands(arguments))
        return frozenset[FactKind]().union(
            *(self.kinds.get(each, frozenset()) for each in named or {""})
        )


def _above(path: str) -> Iterator[str]:
    """The folders that a file is in, the closest first, without the top."""
    folder = path.rpartition("/")[0]
    while folder:
        yield folder
        folder = folder.rpartition("/")[0]


def _operands(arguments: str) -> Iterator[str]:
    """The words that are neither options nor the values of some."""
    is_value = False
    for word in _OPERAND.findall(arguments):
        if not word.startswith("-") and not is_value:
            yield word.removeprefix("./").rstrip("/")
        is_value = word in _WITH_VALUE


def kinds_run(text: str, suites: Suites) -> Iterator[tuple[FactKind, str]]:
    """The kinds of suite that a line runs, of those that are there, with the tool.

    A command that names a kind runs that; one that names none runs all but those it excludes.
    """
    for command in commands_of(text):
        for tool in LOAD_RUNNERS:
            if calls(command, tool):
                yield FactKind.LOAD_TESTS, tool
        runner = next((each for each in TEST_RUNNERS if calls(command, each)), None)
        if runner and "--collect-only" not in command:
            there = suites.named_by(command.partition(runner)[2])
            yield from ((kind, runner.partition(" ")[0]) for kind in _kinds(command, there))


def _kinds(command: str, there: frozenset[FactKind]) -> Iterator[FactKind]:
    excluded = {kind for kind in WORDS if _excludes(kind, command)}
    named = {kind for kind in WORDS if _named(kind, command)} - excluded
    if _names_unit(command):
        named.add(FactKind.UNIT_TESTS)
    yield from sorted((named or there - excluded) & there)


def _excludes(kind: FactKind, command: str) -> bool:
    pattern = rf"(?:\bnot\s+\(?|--ignore(?:-glob)?[= ]\S*?|--deselect[= ]\S*?)(?:{WORDS[kind]})"
    return bool(re.search(pattern, command, re.IGNORECASE))


def _names_unit(command: str) -> bool:
    return bool(re.search(r"(?:/|\s|-m\s+['\"]?)unit(?:[_-]?tests?)?(?:$|[\s/'\"])", command))
