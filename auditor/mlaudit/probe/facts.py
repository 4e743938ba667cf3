"""From the texts of a checkout to facts. Pure."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import islice

from mlaudit.model import GapReason
from mlaudit.probe.ci import Ci, read_ci, system_of, yaml_commands
from mlaudit.probe.commands import (
    HOOK_FILES,
    RUNNER_FILES,
    Called,
    Command,
    Section,
    joined,
    sections,
)
from mlaudit.probe.documents import DocumentError, compose, toml
from mlaudit.probe.files import Tree, Unread
from mlaudit.probe.requests import check_in, may_answer
from mlaudit.probe.suites import Suites, is_test, kinds_of, kinds_run
from mlaudit.probe.tools import commands_of, configured_by, sections_of, tools_in
from mlaudit.resources.repository import FactKind, RepositoryFact

_CONFIGURATION_FILES = frozenset({"pyproject.toml", "setup.cfg", "ruff.toml", ".ruff.toml"})
_SCRIPT = re.compile(r"(?:.*/)?(?:[\w-]+\.(?:ba)?sh|[.\w-]*/[\w-]+|\.husky/[\w-]+)")
_INFRASTRUCTURE = re.compile(
    r".*\.(?:tf|bicep)|(?:.*/)?(?:cdk\.json|template\.ya?ml|serverless\.ya?ml|Pulumi\.yaml"
    r"|samconfig\.toml)|(?:.*/)?(?:cloudformation|cfn)/.*\.(?:ya?ml|json)"
)
_LOCK = re.compile(
    r"(?:.*/)?(?:poetry\.lock|uv\.lock|Pipfile\.lock|pdm\.lock|pixi\.lock|conda-lock\.yml"
    r"|package-lock\.json|yarn\.lock|pnpm-lock\.yaml|constraints\.txt|go\.sum|Cargo\.lock"
    r"|\.terraform\.lock\.hcl)"
)
_RUNBOOK = re.compile(
    r"(?:.*/)?(?:run-?book|playbook)s?(?:/.*|[\w-]*)\.(?:md|rst|adoc|txt)", re.IGNORECASE
)
_PLAIN: tuple[tuple[FactKind, re.Pattern[str]], ...] = (
    (FactKind.INFRASTRUCTURE, _INFRASTRUCTURE),
    (FactKind.LOCK_FILE, _LOCK),
    (FactKind.RUNBOOK, _RUNBOOK),
)
_MOST_COMMANDS = 30_000
_MOST_OF_A_KIND = 50
"""How many files of one plain kind are named: the first ones."""


def is_wanted(path: str) -> bool:
    """Whether facts need the content of a file."""
    name = path.rpartition("/")[2]
    known = name in RUNNER_FILES | HOOK_FILES | _CONFIGURATION_FILES
    code = is_test(path) or may_answer(path)
    return known or bool(system_of(path) or code or _SCRIPT.fullmatch(path))


@dataclass(frozen=True)
class _Repository:
    name: str
    workload: str | None

    def fact(
        self, kind: FactKind, tool: str, path: str, line: int, *, on_commit: bool = False
    ) -> RepositoryFact:
        place = f"/{path}#L{line}:{kind}:{tool}" if path else ""
        file = path.rpartition("/")[2]
        return RepositoryFact(
            arn=f"repo://{self.name}{place}",
            region="",
            repository=self.name,
            workload=self.workload,
            kind=kind,
            tool=tool,
            path=path,
            line=line,
            on_commit=on_commit,
            local=file in RUNNER_FILES | HOOK_FILES or path.startswith(".husky/"),
        )


def facts_of(name: str, workload: str | None, tree: Tree) -> list[RepositoryFact]:
    """Everything the texts of a checkout show; what is no proper document joins what is unread."""
    of = _Repository(name, workload)
    ci = list(_ci(tree))
    hooks = tuple(_hooks(tree))
    parts = tuple(
        part
        for path, text in tree.texts.items()
        if path.rpartition("/")[2] in RUNNER_FILES
        for part in sections(path, text)
    )
    scripts = {
        path: tuple(Command(path, *each, on_commit=False) for each in joined(text))
        for path, text in tree.texts.items()
        if _SCRIPT.fullmatch(path) and not system_of(path)
    }
    started = [command for each in ci for command in each.commands if command.on_commit]
    reached = list(islice(Called(parts, scripts, hooks).reached(started), _MOST_COMMANDS))
    others = [command for each in ci for command in each.commands]
    others += [*hooks, *(command for part in parts for command in part.commands)]
    others += [one for path in scripts if path.startswith(".husky/") for one in scripts[path]]
    found = [of.fact(FactKind.REPOSITORY, "", "", 0)]
    found += [
        of.fact(FactKind.CI, each.system, each.path, 0, on_commit=each.on_commit) for each in ci
    ]
    found += _plain(of, tree)
    found += _local(of, hooks, parts)
    found += _configured(of, tree)
    found += _checks_of_requests(of, tree)
    suites = list(_suites(of, tree))
    placed = Suites.of(((each.kind, each.path) for each in suites), tree.paths)
    security = any(each.tool == "ruff" and each.kind is FactKind.SECURITY for each in found)
    commands = [*others[:_MOST_COMMANDS], *reached]  # what a commit starts is last and so wins
    if max(len(others), len(reached)) >= _MOST_COMMANDS:
        tree.unread.append(Unread("", "TooManyCommands", GapReason.BUDGET))
    called = [one for each in commands for one in _called(of, each, placed, ruff_secures=security)]
    unique = {each.arn: each for each in (*found, *suites, *called)}
    return [unique[arn] for arn in sorted(unique)]


def _ci(tree: Tree) -> Iterator[Ci]:
    for path in sorted(tree.texts):
        system = system_of(path)
        if system:
            try:
                yield read_ci(path, system, tree.texts[path])
            except DocumentError:
                tree.unread.append(Unread(path, "NotUnderstood", GapReason.CONTENT_NOT_READ))


def _hooks(tree: Tree) -> Iterator[Command]:
    for path in sorted(tree.texts):
        if path.rpartition("/")[2] in HOOK_FILES:
            try:
                root = compose(tree.texts[path])
            except DocumentError:
                tree.unread.append(Unread(path, "NotUnderstood", GapReason.CONTENT_NOT_READ))
            else:
                yield from yaml_commands(path, root, on_commit=False)


def _plain(of: _Repository, tree: Tree) -> Iterator[RepositoryFact]:
    notebooks = [path for path in tree.paths if path.endswith(".ipynb") and tree.tracked]
    yield from (of.fact(FactKind.NOTEBOOK, "", path, 0) for path in notebooks[:_MOST_OF_A_KIND])
    for kind, pattern in _PLAIN:
        named = [path for path in tree.paths if pattern.fullmatch(path[:1_000])]
        yield from (of.fact(kind, "", path, 0) for path in named[:_MOST_OF_A_KIND])


def _local(
    of: _Repository, hooks: Iterable[Command], parts: Iterable[Section]
) -> Iterator[RepositoryFact]:
    for each in hooks:
        yield of.fact(FactKind.HOOK, each.text.split("\n")[0][:60], each.path, each.line)
    for path in sorted({part.path for part in parts}):
        yield of.fact(FactKind.TASK_RUNNER, path.rpartition("/")[2], path, 0)


def _configured(of: _Repository, tree: Tree) -> Iterator[RepositoryFact]:
    for path in tree.paths:
        found = configured_by(path)
        if found:
            yield of.fact(*found, path, 0)
    for path, text in tree.texts.items():
        for line, kind, tool in sections_of(path, text):
            yield of.fact(kind, tool, path, line)
        try:
            if _ruff_secures(path, text):
                yield of.fact(FactKind.SECURITY, "ruff", path, 0)
        except DocumentError:
            tree.unread.append(Unread(path, "NotUnderstood", GapReason.CONTENT_NOT_READ))


def _checks_of_requests(of: _Repository, tree: Tree) -> Iterator[RepositoryFact]:
    for path, text in sorted(tree.texts.items()):
        found = check_in(text) if may_answer(path) else None
        if found:
            yield of.fact(FactKind.REQUEST_CHECKS, found[1], path, found[0])


def _ruff_secures(path: str, text: str) -> bool:
    """Whether ruff is told to apply the rules of bandit.

    Raises:
        DocumentError: The file is not TOML.
    """
    name = path.rpartition("/")[2]
    if name not in {"pyproject.toml", "ruff.toml", ".ruff.toml"}:
        return False
    document = toml(text)
    own = document.get("tool", {}) if name == "pyproject.toml" else {"ruff": document}
    ruff = own.get("ruff", {}) if isinstance(own, dict) else {}
    places = [ruff, ruff.get("lint", {})] if isinstance(ruff, dict) else []
    chosen = [
        rule
        for each in places
        if isinstance(each, dict)
        for key in ("select", "extend-select")
        for rule in _list(each.get(key))
    ]
    return any(re.fullmatch(r"ALL|S\d*", str(rule)) for rule in chosen)


def _list(value: object) -> list[object]:
    return value if isinstance(value, list) else []


def _suites(of: _Repository, tree: Tree) -> Iterator[RepositoryFact]:
    """One fact for each kind of suite in each folder: its first file."""
    seen: set[tuple[FactKind, str]] = set()
    for path in tree.paths:
        if is_test(path):
            for kind, line in kinds_of(path, tree.texts.get(path, "")):
                place = (kind, path.rpartition("/")[0])
                if place not in seen:
                    seen.add(place)
                    yield of.fact(kind, "", path, line)


def _called(
    of: _Repository, command: Command, suites: Suites, *, ruff_secures: bool
) -> Iterator[RepositoryFact]:
    tools = (
        tools_in(command.text, loosely=True)
        if command.loose
        else (each for one in commands_of(command.text) for each in tools_in(one))
    )
    found = [*tools, *kinds_run(command.text, suites)]
    if ruff_secures and (FactKind.STYLE, "ruff") in found and "format" not in command.text:
        found.append((FactKind.SECURITY, "ruff"))
    for kind, tool in found:
        yield of.fact(kind, tool, command.path, command.line, on_commit=command.on_commit)
