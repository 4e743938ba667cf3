"""``mlaudit.yaml``: what users decide about discovery, the evidence window, and single items."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from mlaudit.catalog import catalogue
from mlaudit.config import rules
from mlaudit.config.document import Document
from mlaudit.config.reading import ConfigError, parsed, read_text, wrong
from mlaudit.declarations import Declarations
from mlaudit.thresholds import Rules

__all__ = ["DEFAULT_FILE", "Config", "ConfigError", "load_config", "parse_config", "read_text"]

DEFAULT_FILE = Path("mlaudit.yaml")


@dataclass(frozen=True)
class Config:
    """The configuration, complete with defaults.

    Attributes:
        window_days: Length of the evidence window in days.
        tag_keys: The tag keys that name a workload, the strongest first.
        workloads: Patterns of names or ARNs for each workload, for what nothing else assigns.
        declarations: What people declare about items.
        rules: What scores and gates are counted by.
    """

    window_days: int
    tag_keys: tuple[str, ...]
    workloads: Mapping[str, tuple[str, ...]]
    declarations: Declarations
    rules: Rules


def load_config(path: Path | None) -> Config:
    """Read the configuration.

    Args:
        path: The file; ``None`` takes ``mlaudit.yaml`` where there is one, else the defaults.

    Raises:
        ConfigError: The file cannot be read or says something that is not understood.
    """
    if path is None and not DEFAULT_FILE.exists():
        return _config(Document())
    path = path or DEFAULT_FILE
    return parse_config(read_text(path), path)


def parse_config(text: str, path: Path) -> Config:
    """Read the configuration from the text of its file.

    Raises:
        ConfigError: It says something that is not understood.
    """
    document = parsed(text, path, Document.model_validate)
    declares = document.attestations or document.not_applicable or document.exceptions
    problem = next(rules.of_gates(document), None)
    if not problem and declares:
        problem = next(rules.problems(document, catalogue()), None)
    if problem:
        raise wrong(path, text, problem.location, problem.says)
    return _config(document)


def _config(document: Document) -> Config:
    return Config(
        window_days=document.window_days,
        tag_keys=(document.tags.workload, document.tags.project),
        workloads={name: tuple(patterns) for name, patterns in document.workloads.items()},
        declarations=document.declarations(),
        rules=document.gates.rules(),
    )
