import subprocess
import sys

import pytest

from mlaudit.audit import Audit
from mlaudit_reports import FORMATS

_HEAVY = "jinja2", "junitparser", "prometheus_client", "pydantic", "rich"
_LOADED = f"import sys, mlaudit_reports; print([m for m in {_HEAVY} if m in sys.modules])"


def test_every_format_is_found_by_its_name_and_has_its_own_file() -> None:
    assert {name: each.name for name, each in FORMATS.items()} == {name: name for name in FORMATS}
    files = [each.file_name for each in FORMATS.values()]
    assert len(set(files)) == len(files)
    usual = [each.file_name for each in FORMATS.values() if each.usual]
    assert usual == ["audit.json", "report.md", "report.html"]


@pytest.mark.parametrize("name", FORMATS)
def test_equal_audits_give_equal_text(name: str, audit: Audit) -> None:
    assert FORMATS[name].render(audit) == FORMATS[name].render(audit)


@pytest.mark.parametrize("name", FORMATS)
def test_a_report_can_be_written_as_utf_8(name: str, hostile: Audit) -> None:
    text = FORMATS[name].render(hostile)
    assert text.encode().endswith(b"\n")


def test_importing_the_package_imports_no_library() -> None:
    run = [sys.executable, "-c", f"import sys; sys.path[:] = {sys.path!r}; {_LOADED}"]
    done = subprocess.run(run, capture_output=True, check=True, text=True)
    assert done.stdout.strip() == "[]"
