"""The configuration: its defaults, and one clear sentence for every mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlaudit.config import ConfigError, load_config

DEFAULTS: tuple[int, tuple[str, ...], dict[str, tuple[str, ...]]] = (
    90,
    ("mlaudit:workload", "sagemaker:project-name"),
    {},
)


def written(folder: Path, content: str | bytes) -> Path:
    path = folder / "mlaudit.yaml"
    path.write_bytes(content if isinstance(content, bytes) else content.encode())
    return path


@pytest.mark.parametrize("content", ["", "# nothing\n", "{}\n", "workloads: {}\n"])
def test_what_is_not_said_has_a_default(tmp_path: Path, content: str) -> None:
    config = load_config(written(tmp_path, content))
    assert (config.window_days, config.tag_keys, config.workloads) == DEFAULTS


def test_without_a_file_everything_has_a_default(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.chdir(tmp_path)
    config = load_config(None)
    assert (config.window_days, config.tag_keys, config.workloads) == DEFAULTS


def test_the_usual_file_is_found_without_naming_it(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    written(tmp_path, "window_days: 30\n")
    monkeypatch.chdir(tmp_path)
    assert load_config(None).window_days == 30


def test_a_whole_file_is_read(tmp_path: Path) -> None:
    text = """
window_days: 30
tags:
  workload: team:model
  project: team:project
workloads:
  fraud:
    - fraud-*
    - "arn:aws:sagemaker:*:endpoint/old"
"""
    config = load_config(written(tmp_path, text))
    assert config.window_days == 30
    assert config.tag_keys == ("team:model", "team:project")
    assert config.workloads == {"fraud": ("fraud-*", "arn:aws:sagemaker:*:endpoint/old")}


BROKEN = {
    "an unknown key": ("\nwindow: 30\n", "line 2: window: "),
    "an unknown key inside": ("tags:\n  wrokload: x\n", "line 2: tags.wrokload: "),
    "a wrong type": ("window_days: many\n", "line 1: window_days: "),
    "a window of nothing": ("\n\nwindow_days: 0\n", "line 3: window_days: "),
    "no window": ("window_days:\n", "line 1: window_days: "),
    "an empty tag": ("tags: {workload: ''}\n", "line 1: tags.workload: "),
    "patterns that are no list": ("workloads:\n  fraud: fraud-*\n", "line 2: workloads.fraud: "),
    "no patterns": ("workloads:\n  fraud: []\n", "line 2: workloads.fraud: "),
    "a pattern that is no text": (
        "workloads:\n  fraud:\n    - a\n    - [b]\n",
        "line 4: workloads.fraud.1: ",
    ),
    "a name that is no text": ("workloads:\n  1: [a]\n", "line 2: workloads.1"),
    "a list at the top": ("- window_days\n", ": the file: "),
    "an empty list at the top": ("[]\n", ": the file: "),
    "a text": ("window\n", ": the file: "),
    "a zero": ("0\n", ": the file: "),
    "no YAML": ("window_days: [\n", "is not YAML: "),
    "two documents": ("a: 1\n---\nb: 1\n", "is not YAML: "),
    "a Python object": ("!!python/object/apply:os.getcwd []\n", "is not YAML: "),
    "no UTF-8": (b"window_days: \xff\n", "is not YAML: "),
    "deep nesting": ("[" * 5000, "is not YAML: "),
}


@pytest.mark.parametrize(("content", "expected"), BROKEN.values(), ids=BROKEN)
def test_a_mistake_is_named_with_its_place(
    tmp_path: Path, content: str | bytes, expected: str
) -> None:
    path = written(tmp_path, content)
    with pytest.raises(ConfigError) as raised:
        load_config(path)
    message = str(raised.value)
    assert message.startswith(str(path))
    assert expected in message
    assert message.endswith(".")
    assert "\n" not in message


@pytest.mark.parametrize("name", ["missing.yaml", "."])
def test_a_file_that_cannot_be_read_is_named(tmp_path: Path, name: str) -> None:
    path = tmp_path / name
    with pytest.raises(ConfigError, match="cannot be read: ") as raised:
        load_config(path)
    assert str(raised.value).startswith(str(path))
