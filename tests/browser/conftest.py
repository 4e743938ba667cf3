"""Opens pages of the HTML report in the Chromium of this machine."""

import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, Page, sync_playwright

from mlaudit.audit import Audit
from mlaudit.beyond import ExtendedResult
from mlaudit_reports import as_html, as_json

_NAMES = ("chromium", "chromium-browser", "google-chrome")
_SCAN = "import sys; from mlaudit.cli import main; sys.exit(main())"


Open = Callable[..., Page]


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """The browser of this machine."""
    found = next(filter(None, map(shutil.which, _NAMES)), None)
    if found is None:
        pytest.skip(f"no browser is installed: none of {', '.join(_NAMES)} is on the path")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found)
        yield browser
        browser.close()


@pytest.fixture
def said() -> list[str]:
    """What pages of the test wrote to the console, and errors that nothing caught."""
    return []


@pytest.fixture
def asked() -> list[str]:
    """The addresses that pages of the test requested."""
    return []


@pytest.fixture
def opener(chromium: Browser, said: list[str], asked: list[str]) -> Iterator[Open]:
    """Open files at an anchor, in pages that end with the test."""
    contexts = []

    def opened(path: Path, anchor: str = "", **looks: Any) -> Page:
        context = chromium.new_context(**looks)
        contexts.append(context)
        context.set_default_timeout(15_000)
        page = context.new_page()
        page.on("console", lambda message: said.append(message.text))
        page.on("dialog", lambda dialog: said.append(dialog.message))
        page.on("pageerror", lambda error: said.append(str(error)))
        page.on("request", lambda request: asked.append(request.url))
        page.goto(f"{path.as_uri()}{anchor}")
        page.locator("html[data-ready]").wait_for()
        return page

    yield opened
    for context in contexts:
        context.close()


@pytest.fixture(scope="session")
def demo(tmp_path_factory: pytest.TempPathFactory) -> Audit:
    """The audit of the demo account."""
    folder = tmp_path_factory.mktemp("demo")
    command = [sys.executable, "-c", _SCAN, "scan", "--demo", "--quiet", "--out", str(folder)]
    subprocess.run([*command, "--format", "json"], check=True, cwd=folder)
    return as_json.load((folder / "audit.json").read_text("utf-8"))


@pytest.fixture(scope="session")
def demo_page(demo: Audit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The report of it."""
    return _written(demo, tmp_path_factory)


@pytest.fixture(scope="session")
def page_of_500(demo: Audit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of 500 workloads."""
    return _written(_with(demo, 500), tmp_path_factory)


@pytest.fixture(scope="session")
def page_of_5000(demo: Audit, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A report of 5 000 workloads."""
    return _written(_with(demo, 5000), tmp_path_factory)


@pytest.fixture
def write(tmp_path_factory: pytest.TempPathFactory) -> Callable[[Audit], Path]:
    """Write the report of any audit."""
    return lambda audit: _written(audit, tmp_path_factory)


def _written(audit: Audit, folders: pytest.TempPathFactory) -> Path:
    path = folders.mktemp("page") / "report.html"
    path.write_text(as_html.render(audit), "utf-8")
    return path


def _with(audit: Audit, count: int) -> Audit:
    """Repeat the workloads of an audit under new names, with all that is judged of them."""
    beyond: dict[str | None, list[ExtendedResult]] = {}
    for each in audit.extended:
        beyond.setdefault(each.workload, []).append(each)
    workloads, extended = [], list(beyond.get(None, []))
    for number in range(count):
        model = audit.workloads[number % len(audit.workloads)]
        name = f"{model.name}-{number:04}"
        workloads.append(replace(model, name=name))
        extended += [replace(each, workload=name) for each in beyond.get(model.name, [])]
    return replace(audit, workloads=tuple(workloads), extended=tuple(extended))
