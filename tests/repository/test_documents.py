"""What the documents point at is there."""

import re
from pathlib import Path

_LINK = re.compile(r"\]\((?!https?:|mailto:|#)([^)\s#]+)")


def test_every_relative_link_leads_somewhere(repository_files: tuple[Path, ...]) -> None:
    broken = [
        f"{page}: {target}"
        for page in repository_files
        if page.suffix == ".md"
        for target in _LINK.findall(page.read_text())
        if not (page.parent / target).exists()
    ]
    assert broken == []


def test_every_decision_is_in_the_list(root: Path) -> None:
    decisions = root / "docs" / "decisions"
    records = {path.name for path in decisions.glob("[0-9]*.md")}
    assert set(_LINK.findall((decisions / "README.md").read_text())) == records
