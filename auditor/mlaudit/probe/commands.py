"""Commands that files hold: of CI, of hooks, of task runners, and which of them a commit starts."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from mlaudit.probe.tools import commands_of

MAKE_FILES = frozenset({"Makefile", "makefile", "GNUmakefile"})
JUST_FILES = frozenset({"justfile", "Justfile", ".justfile"})
RUNNER_FILES = MAKE_FILES | JUST_FILES | {"noxfile.py", "package.json", "tox.ini"}
HOOK_FILES = frozenset({".pre-commit-config.yaml", ".pre-commit-config.yml", "lefthook.yml"})

_TARGET = re.compile(r"^([A-Za-z0-9_.-]+)(?:\s+[^:=]*)?:(?!=)\s*([^#=]*)")
_SESSION = re.compile(r"^def\s+(\w+)\(")
_ENVIRONMENT = re.compile(r"^\[testenv(?::([\w.{},-]+))?\]")
_SCRIPT = re.compile(r'^\s*"([\w:.-]+)"\s*:\s*"')
_BLANKS = re.compile(r"[ \t]+")
_WORD = re.compile(r"[\w./:{}@-]+")
_LONGEST = 2_000


@dataclass(frozen=True, slots=True)
class Command:
    """One line that runs something.

    Attributes:
        path: The file.
        line: Its line, from 1.
        text: The line; a name of an action, a template or a hook where ``loose``.
        on_commit: Whether CI runs it for every commit or change request.
        loose: Whether it is a name rather than a command.
    """

    path: str
    line: int
    text: str
    on_commit: bool
    loose: bool = False


@dataclass(frozen=True, slots=True)
class Section:
    """A part of a task runner's file that can be called by name."""

    path: str
    name: str
    needs: tuple[str, ...]
    commands: tuple[Command, ...]

    @property
    def path_name(self) -> str:
        """The name of its file."""
        return self.path.rpartition("/")[2]


def joined(text: str, first: int = 1) -> Iterator[tuple[int, str]]:
    """Lines with their numbers; one that ends in a backslash goes on in the next."""
    start, held = first, ""
    for number, line in enumerate(text.splitlines(), first):
        start = start if held else number
        held += _BLANKS.sub(" ", line[:_LONGEST].rstrip())
        if held.endswith("\\") and len(held) < _LONGEST:
            held = held[:-1] + " "
            continue
        yield start, held
        held = ""
    if held:
        yield start, held


def sections(path: str, text: str) -> list[Section]:
    """The parts of a task runner's file, in order."""
    starts = _starts_of(path.rpartition("/")[2])
    found: list[tuple[str, tuple[str, ...], list[Command]]] = []
    for number, line in joined(text):
        start = starts(line)
        if start is not None:
            found.append((*start, []))
        if found and (start is None or path.endswith("package.json")):
            found[-1][2].append(Command(path, number, line, on_commit=False))
    return [Section(path, name, needs, tuple(own)) for name, needs, own in found]


_Start = tuple[str, tuple[str, ...]] | None
"""The name of the section that a line starts and what that needs first, or nothing."""


def _starts_of(file: str) -> Callable[[str], _Start]:
    if file in MAKE_FILES | JUST_FILES:
        return _target
    if file == "noxfile.py":
        return lambda line: _named(_SESSION.match(line))
    if file == "tox.ini":
        return _environment
    return lambda line: _named(_SCRIPT.match(line))


def _named(found: re.Match[str] | None) -> _Start:
    return (found[1], ()) if found else None


def _target(line: str) -> _Start:
    found = _TARGET.match(line)
    return (found[1], tuple(_WORD.findall(found[2]))) if found else None


def _environment(line: str) -> _Start:
    found = _ENVIRONMENT.match(line)
    if found:
        return found[1] or "", ()
    return (line, ()) if line.startswith("[") else None


@dataclass(frozen=True)
class Called:
    """What commands can call inside the repository.

    Attributes:
        sections: The parts of task runners.
        scripts: The commands of each script, by its path.
        hooks: The commands of commit hooks.
    """

    sections: tuple[Section, ...]
    scripts: Mapping[str, tuple[Command, ...]]
    hooks: tuple[Command, ...]

    def reached(self, started: Iterable[Command]) -> Iterator[Command]:
        """The commands that others start, and what those call in turn; each once."""
        todo, seen = list(started), set[tuple[str, int, str]]()
        runners = _Runners.of(self.sections)
        while todo:
            command = todo.pop()
            key = (command.path, command.line, command.text)
            if key in seen:
                continue
            seen.add(key)
            yield replace(command, on_commit=True)
            todo.extend(self._called_by(command, runners))

    def _called_by(self, command: Command, runners: _Runners) -> Iterator[Command]:
        if "pre-commit" in command.text or "lefthook" in command.text:
            yield from self.hooks
        for word in _WORD.findall(command.text[:_LONGEST]):
            yield from self.scripts.get(word.removeprefix("./"), ())
        for runner, names in _invoked(command.text[:_LONGEST]):
            yield from runners.run(runner, names)


@dataclass(frozen=True)
class _Runners:
    """The sections of each task runner, and the names of those that were given already."""

    sections: Mapping[str, Sequence[Section]]
    named: Mapping[tuple[str, str], Sequence[Section]]
    given: set[tuple[str, str]]

    @classmethod
    def of(cls, found: Iterable[Section]) -> _Runners:
        sections: dict[str, list[Section]] = {}
        named: dict[tuple[str, str], list[Section]] = {}
        for each in found:
            runner = _RUNNERS[each.path_name]
            sections.setdefault(runner, []).append(each)
            named.setdefault((runner, each.name), []).append(each)
        return cls(sections, named, set())

    def run(self, runner: str, names: tuple[str, ...]) -> Iterator[Command]:
        """The commands of what is named and of what that needs; those of each name once."""
        todo = self._chosen(runner, names)
        while todo:
            section = todo.pop()
            yield from section.commands
            todo += self._chosen(runner, section.needs) if section.needs else []

    def _chosen(self, runner: str, names: tuple[str, ...]) -> list[Section]:
        """The sections of these names that nothing has named before."""
        known = [each for each in names or self._unnamed(runner) if (runner, each) in self.named]
        if not known and runner == "tox":
            known = [""]
        fresh = dict.fromkeys(each for each in known if (runner, each) not in self.given)
        self.given.update((runner, each) for each in fresh)
        return [section for each in fresh for section in self.named.get((runner, each), ())]

    def _unnamed(self, runner: str) -> list[str]:
        """What a runner runs that is given no name."""
        found = [each.name for each in self.sections.get(runner, ())]
        if runner in {"make", "just"}:
            return [each for each in found if not each.startswith(".")][:1]
        return found if runner in {"tox", "nox"} else []


_RUNNERS = (
    dict.fromkeys(MAKE_FILES, "make")
    | dict.fromkeys(JUST_FILES, "just")
    | {"noxfile.py": "nox", "package.json": "npm", "tox.ini": "tox"}
)
_NAMING = frozenset({"-e", "-s", "--env", "--session", "--sessions"})
_QUOTES = "'\"`)],"
_INVOCATION = re.compile(r"(?<![\w.-])(make|just|tox|nox|npm|yarn|pnpm)(?![\w.-])([^|;&]*)")


def _invoked(text: str) -> Iterator[tuple[str, tuple[str, ...]]]:
    """The task runners that a command calls, each with the names it gives."""
    for part in commands_of(text):
        found = _INVOCATION.search(part)
        if not found:
            continue
        runner, words = found[1], [each.strip(_QUOTES) for each in found[2].split()]
        if runner in {"npm", "yarn", "pnpm"}:
            yield "npm", tuple(each for each in words if each not in {"run", "run-script"})[:1]
        elif runner in {"tox", "nox"}:
            yield runner, tuple(_after_option(words, several=runner == "nox"))
        else:
            named = (each for each in words if not each.startswith("-") and "=" not in each)
            yield runner, tuple(named)


def _after_option(words: list[str], *, several: bool) -> Iterator[str]:
    """The names that an option gives; nox takes all words up to the next option."""
    naming = False
    for word in words:
        option, equals, value = word.partition("=")
        if word.startswith("-"):
            naming = option in _NAMING
            yield from value.split(",") if naming and equals else ()
        elif naming:
            yield from word.split(",")
            naming = several
