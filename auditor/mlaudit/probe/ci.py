"""Continuous integration as files tell it: what it runs, and whether each commit starts that."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass

from yaml.nodes import Node, ScalarNode, SequenceNode

from mlaudit.probe.commands import Command, joined
from mlaudit.probe.documents import MAX_NODES, compose, entries, lines_of, members, words

SYSTEMS = {
    r"\.github/workflows/[^/]+\.ya?ml": "GitHub Actions",
    r"\.gitlab-ci\.ya?ml": "GitLab CI",
    r"\.circleci/config\.ya?ml": "CircleCI",
    r"(.*/)?buildspec[\w.-]*\.ya?ml": "CodeBuild",
    r"(.*/)?azure-pipelines[\w.-]*\.ya?ml": "Azure Pipelines",
    r"bitbucket-pipelines\.ya?ml": "Bitbucket Pipelines",
    r"(.*/)?Jenkinsfile[\w.-]*": "Jenkins",
}
"""CI systems by the paths of their files."""

STARTED_ELSEWHERE = frozenset({"CodeBuild", "Jenkins"})
"""Systems whose triggers are not in the repository."""

_ON_COMMIT = frozenset({"push", "pull_request", "pull_request_target", "merge_group"})
_RUN_KEYS = frozenset(
    {"after_script", "bash", "before_script", "command", "commands", "powershell", "pwsh", "run",
     "script"}
)  # fmt: skip
_NAME_KEYS = frozenset({"entry", "id", "task", "template", "uses"})
_JENKINS_TRIGGERS = ("githubPush()", "pollSCM(", "gitlab(", "changeRequest()")


@dataclass(frozen=True, slots=True)
class Ci:
    """One file of a CI system."""

    path: str
    system: str
    on_commit: bool
    commands: tuple[Command, ...]


def system_of(path: str) -> str | None:
    """The CI system that reads a path."""
    found = (name for pattern, name in SYSTEMS.items() if re.fullmatch(pattern, path))
    return next(found, None)


def read_ci(path: str, system: str, text: str) -> Ci:
    """The commands of a CI file.

    Raises:
        DocumentError: It is not YAML, or too large.
    """
    if system == "Jenkins":
        on_commit = any(each in text for each in _JENKINS_TRIGGERS)
        lines = joined(text)
        return Ci(path, system, on_commit, tuple(Command(path, *each, on_commit) for each in lines))
    root = compose(text)
    on_commit = _starts_on_commit(system, members(root))
    return Ci(path, system, on_commit, tuple(yaml_commands(path, root, on_commit=on_commit)))


def _starts_on_commit(system: str, root: dict[str, Node]) -> bool:
    match system:
        case "GitHub Actions":
            return bool(_ON_COMMIT & set(words(root.get("on"))))
        case "GitLab CI":
            return not _is_off(members(root.get("workflow")))
        case "CircleCI":
            flows = [members(each) for each in members(root.get("workflows")).values()]
            jobs = [each for each in flows if "jobs" in each]
            return not jobs or any("triggers" not in each for each in jobs)
        case "Azure Pipelines":
            return any(words(root.get(key)) != ["none"] for key in ("trigger", "pr"))
        case "Bitbucket Pipelines":
            return bool(
                {"branches", "default", "pull-requests"} & set(members(root.get("pipelines")))
            )
        case _:
            return False


def yaml_commands(path: str, root: Node | None, *, on_commit: bool) -> Iterator[Command]:
    """Everything in a document that runs or names something to run."""
    todo: list[tuple[Node, str, bool]] = [(root, "", on_commit)] if root else []
    seen: set[tuple[int, str, bool]] = set()
    while todo and len(seen) < MAX_NODES:
        node, key, live = todo.pop()
        if (id(node), key, live) in seen:
            continue
        seen.add((id(node), key, live))
        if isinstance(node, ScalarNode):
            yield from _scalar(path, node, key, on_commit=live)
        elif isinstance(node, SequenceNode):
            todo += [(each, key, live) for each in entries(node)]
        else:
            inside = members(node)
            live = live and not _is_off(inside)
            todo += [(each, name, live) for name, each in inside.items()]


def _scalar(path: str, node: ScalarNode, key: str, *, on_commit: bool) -> Iterator[Command]:
    if key in _NAME_KEYS:
        yield Command(path, node.start_mark.line + 1, str(node.value), on_commit, loose=True)
    elif key in _RUN_KEYS:
        yield from (Command(path, *each, on_commit) for each in lines_of(node))


def _is_off(job: dict[str, Node]) -> bool:
    """Whether a job waits for a person or a clock instead of a commit."""
    conditions = " ".join(each for key in ("if", "condition") for each in words(job.get(key)))
    only = words(job.get("only"))
    rules = [members(each) for each in entries(job.get("rules"))]
    return (
        _is_of_clock(conditions)
        or words(job.get("when")) in (["manual"], ["never"])
        or bool(only and set(only) <= {"schedules", "web", "triggers", "api"})
        or bool(rules and all(_is_off(each) for each in rules))
    )


def _is_of_clock(condition: str) -> bool:
    return bool(re.search(r"==\s*['\"]?(schedule|workflow_dispatch|web)\b", condition))
