"""Nothing in the repository depends on one machine or one network."""

import re
from collections.abc import Sequence
from pathlib import Path

import pytest

# A home folder, and where a Windows profile is.
_MACHINE_PATH = re.compile(r"(?<![\w.$}/])/(?:home|root|Users)/\w|[A-Z]:\\Users\\")
# Where to fetch packages from is for the machine to say. No option is spelled out, so that nothing
# that looks for one finds it here.
_REGISTRY = re.compile(
    r"https?://[^/\s\"']*(?:pypi|npmjs|npmmirror|registry|artifactory|nexus|pythonhosted)[^/\s\"']*"
    r"|-{2}(?:(?:extra-)?index[-]url|find[-]links|regist[r]y)[ =]"
    r"|^\s*(?:extra-)?index[-]url\s*=",
    re.MULTILINE,
)


def _places(pattern: re.Pattern[str], files: Sequence[Path]) -> list[str]:
    found = ((path, pattern.search(path.read_text(errors="replace"))) for path in files)
    return [f"{path}: {match[0]}" for path, match in found if match and path != Path(__file__)]


def test_no_file_names_a_package_registry(repository_files: tuple[Path, ...]) -> None:
    assert _places(_REGISTRY, repository_files) == []


def test_no_file_names_a_folder_of_one_machine(
    root: Path, repository_files: tuple[Path, ...]
) -> None:
    here = re.compile("|".join(rf"{re.escape(str(each))}\b" for each in (root, Path.home())))
    assert _places(_MACHINE_PATH, repository_files) == []
    assert _places(here, repository_files) == []


@pytest.mark.parametrize(
    "text",
    [
        "https://registry.example.com/simple",
        f"pip install {'-' * 2}index-url https://example.com/simple",
        f"npm install {'-' * 2}registry=https://example.com",
        'index-url = "https://example.com"',
    ],
)
def test_a_registry_would_be_found(text: str) -> None:
    assert _REGISTRY.search(text)


@pytest.mark.parametrize("text", ["see /home/someone/x", "/Users/someone", "C:\\Users\\someone"])
def test_a_folder_of_one_machine_would_be_found(text: str) -> None:
    assert _MACHINE_PATH.search(text)
