"""How long the HTML report of 500 workloads takes to open and to filter, beside that of few.

Prints the seconds and their ratio; the browser is the Chromium of this machine.
"""

import shutil
import subprocess
import sys
from dataclasses import replace
from pathlib import Path
from tempfile import TemporaryDirectory
from time import perf_counter

from playwright.sync_api import Page, sync_playwright

from mlaudit.audit import Audit
from mlaudit_reports import as_html, as_json

MANY = 500
ROUNDS = 5
SCAN = "import sys; from mlaudit.cli import main; sys.exit(main())"


def measure(folder: Path) -> tuple[float, float]:
    """Return the fastest opening and filtering of many workloads and of few, in seconds."""
    few = _demo(folder)
    repeated = (few.workloads[n % len(few.workloads)] for n in range(MANY))
    named = tuple(replace(each, name=f"{each.name}-{n}") for n, each in enumerate(repeated))
    pages = [_written(replace(few, workloads=named), folder / "many.html")]
    pages.append(_written(few, folder / "few.html"))
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=shutil.which("chromium"))
        pairs = [[_seconds(browser.new_page(), page) for page in pages] for _ in range(ROUNDS)]
        browser.close()
    many, fewer = zip(*pairs, strict=True)
    return min(many), min(fewer)


def _demo(folder: Path) -> Audit:
    command = [sys.executable, "-c", SCAN, "scan", "--demo", "--quiet", "--format", "json"]
    subprocess.run([*command, "--out", str(folder)], check=True)
    return as_json.load((folder / "audit.json").read_text("utf-8"))


def _written(audit: Audit, path: Path) -> Path:
    path.write_text(as_html.render(audit), "utf-8")
    return path


def _seconds(page: Page, path: Path) -> float:
    start = perf_counter()
    page.goto(path.as_uri())
    page.locator("html[data-ready]").wait_for()
    page.locator("select[name=item]").select_option("6.1")
    page.locator("input[value=not_assessed]").uncheck()
    page.locator("[id='/tools'] output", has_text="of").wait_for()
    taken = perf_counter() - start
    page.close()
    return taken


def _report() -> None:
    with TemporaryDirectory() as folder:
        many, few = measure(Path(folder))
    sys.stdout.write(
        f"report of {MANY} workloads {many * 1000:.0f} ms, of few {few * 1000:.0f} ms, "
        f"ratio {many / few:.2f}\n"
    )


if __name__ == "__main__":
    _report()
