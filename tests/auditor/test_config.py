"""The configuration: its defaults, and one clear sentence for every mistake."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlaudit.config import ConfigError, load_config
from mlaudit.thresholds import DEFAULT_PERCENT, DEFAULT_RULES, Target

WITH_GATES = """\
window_days: 30
gates:
  thresholds:
    streaming: 80
    async: 75
  not_applicable_cap: 20
  approved_by: Jo
  floor: false
"""


def test_what_gates_are_decided_by_is_read_and_the_rest_has_defaults(tmp_path: Path) -> None:
    rules = load_config(written(tmp_path, WITH_GATES)).rules
    assert rules.percent == {**DEFAULT_PERCENT, Target.STREAMING: 80, Target.ASYNC: 75}
    assert (rules.cap_percent, rules.floor, rules.approved_by) == (20, False, "Jo")
    for content in ("", "gates: {}\n", "gates: {thresholds: {}}\n"):
        assert load_config(written(tmp_path, content)).rules == DEFAULT_RULES


WRONG_GATES = {
    "above a hundred": ("80", "101", "line 4: gates.thresholds.streaming: "),
    "nothing at all": ("80", "0", "line 4: gates.thresholds.streaming: "),
    "a text": ("80", "80 %", "line 4: gates.thresholds.streaming: "),
    "yes": ("80", "true", "line 4: gates.thresholds.streaming: "),
    "a fraction": ("75", "0.75", "line 5: gates.thresholds.async: "),
    "an unknown target": ("async", "asynchronous", "line 5: gates.thresholds.asynchronous: "),
    "a name of ours": ("async", "async_", "line 5: gates.thresholds.async_: "),
    "a cap nobody approves": ("  approved_by: Jo\n", "", "line 6: gates.not_applicable_cap: More"),
    "a floor that is a word": ("floor: false", "floor: 'no'", "line 8: gates.floor: "),
}


@pytest.mark.parametrize(("old", "new", "says"), WRONG_GATES.values(), ids=WRONG_GATES)
def test_a_mistake_in_gates_is_named_with_its_place(
    old: str, new: str, says: str, tmp_path: Path
) -> None:
    path = written(tmp_path, WITH_GATES.replace(old, new, 1))
    with pytest.raises(ConfigError) as raised:
        load_config(path)
    assert f"{path}, {says}" in str(raised.value)


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
