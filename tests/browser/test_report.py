"""The HTML report in a browser: quiet, alone, quick, and usable by keyboard and by everyone."""

import re
from collections.abc import Callable
from dataclasses import replace
from pathlib import Path
from urllib.parse import quote

import pytest
from playwright.sync_api import Locator, Page, expect

from mlaudit.audit import Audit
from mlaudit.model import Status
from mlaudit.standing import Trend
from mlaudit_reports import as_html

AXE = Path(__file__).with_name("vendor") / "axe.min.js"
LARGEST_DEMO = 2_000_000
Open = Callable[..., Page]

_IMAGE = '"><img src=x onerror=alert(1)>'
PHONE = {"width": 390, "height": 844}

pytestmark = pytest.mark.browser


def _at(page: Page, address: str) -> Locator:
    return page.locator(f'[id="{address}"]')


def _listed(page: Page) -> Locator:
    return _at(page, "/rows").locator("tr")


def test_the_demo_page_is_small(demo_page: Path) -> None:
    assert demo_page.stat().st_size < LARGEST_DEMO


def test_it_is_quiet_and_asks_for_nothing(
    opener: Open, demo_page: Path, said: list[str], asked: list[str]
) -> None:
    page = opener(demo_page, "#fraud-detection")
    expect(_at(page, "fraud-detection").locator(".graph canvas").first).to_be_visible()
    assert said == []
    assert asked == [demo_page.as_uri()]


def test_a_link_opens_the_item_it_names(opener: Open, demo_page: Path) -> None:
    page = opener(demo_page, "#fraud-detection/4.5")
    item = _at(page, "fraud-detection/4.5")
    expect(item).to_have_attribute("open", "")
    expect(item).to_be_in_viewport()
    expect(item.locator(".body")).to_contain_text("Asks")
    expect(item.locator("summary")).to_be_focused()


def test_a_link_of_the_platform_and_of_the_extended_catalogue_opens_it(
    opener: Open, demo_page: Path, said: list[str]
) -> None:
    page = opener(demo_page)
    page.locator('[id="/beyond/list"] a').first.click()
    expect(page.locator("details.item.aim .body")).to_be_visible()
    assert said == []


def test_a_workload_opens_and_closes(opener: Open, demo_page: Path) -> None:
    page = opener(demo_page)
    page.get_by_role("link", name="demand-forecast", exact=True).first.click()
    panel = _at(page, "demand-forecast")
    expect(panel.get_by_role("heading", level=2)).to_be_focused()
    panel.get_by_role("button", name="Close demand-forecast").press("Enter")
    expect(panel).to_have_count(0)
    page.get_by_role("link", name="demand-forecast", exact=True).first.click()
    expect(panel).to_have_count(1)


def test_an_item_that_is_searched_by_its_title_must_have_a_status_that_is_shown(
    opener: Open, demo_page: Path, demo: Audit
) -> None:
    page = opener(demo_page)
    page.get_by_label("Find", exact=True).fill("shadow deployment")
    for each in ("pass", "partial", "not applicable", "not assessed"):
        page.get_by_role("checkbox", name=each, exact=True).uncheck()
    failing = [
        workload.name
        for workload in demo.workloads
        for item in workload.items
        if item.id == "7.5" and item.status is Status.FAIL
    ]
    expect(_at(page, "/progress")).to_contain_text("Searched all facts")
    assert {*failing} <= {*_listed(page).locator("th").all_inner_texts()}
    assert _listed(page).count() < len(demo.workloads)


def test_the_way_to_streaming_is_an_ordered_list(opener: Open, demo_page: Path) -> None:
    page = opener(demo_page, "#fraud-detection")
    steps = _at(page, "fraud-detection").locator(".steps ol > li")
    assert steps.count() > 10
    efforts = [each.split(", ") for each in steps.locator(".strength").all_inner_texts()]
    order = ["let it be seen", "a person tells", "finish it", "build it"]
    assert efforts == sorted(efforts, key=lambda each: (len(each) == 1, order.index(each[-1])))


def test_filters_narrow_workloads_and_what_is_open(opener: Open, demo_page: Path) -> None:
    page = opener(demo_page, "#fraud-detection")
    page.locator("select[name=item]").select_option("4.5")
    page.get_by_role("checkbox", name="fail", exact=True).uncheck()
    shown = _at(page, "fraud-detection").locator("details.item:visible")
    expect(shown).to_have_count(1)
    expect(shown.locator(".id")).to_have_text("4.5")
    page.get_by_role("button", name="Clear").click()
    expect(_listed(page)).to_have_count(7)
    assert shown.count() > 50


def test_a_link_to_what_a_filter_hides_clears_the_filter(opener: Open, demo_page: Path) -> None:
    page = opener(demo_page, "#fraud-detection")
    page.locator("select[name=item]").select_option("4.5")
    page.evaluate("location.hash = '#fraud-detection/6.1'")
    expect(_at(page, "fraud-detection/6.1")).to_be_in_viewport()


def test_facts_are_searched_with_the_slash_key(opener: Open, demo_page: Path) -> None:
    page = opener(demo_page)
    page.keyboard.press("/")
    page.keyboard.type("event-source-mapping")
    progress = _at(page, "/progress")
    expect(progress).to_have_text(re.compile("Searched all facts: [1-9]"))
    expect(_listed(page).first).to_contain_text("clickstream-ranking")
    assert _listed(page).count() < 7


def test_the_table_is_sorted_by_what_is_clicked(opener: Open, demo_page: Path) -> None:
    page = opener(demo_page)
    page.get_by_role("button", name="Strict").click()
    expect(_listed(page).first).to_contain_text("fraud-detection")
    head = page.locator("th", has_text="Strict").first
    expect(head).to_have_attribute("aria-sort", "descending")


def test_the_lineage_is_moved_by_keys_and_searched(opener: Open, demo_page: Path) -> None:
    page = opener(demo_page, "#fraud-detection")
    panel = _at(page, "fraud-detection")
    graph = panel.locator(".graph")
    before = graph.evaluate("host => host.graph.pan().x")
    graph.focus()
    page.keyboard.press("ArrowLeft")
    assert graph.evaluate("host => host.graph.pan().x") == before + 60
    panel.get_by_label("Find in the picture").fill("fraud-detection-serving-v7")
    expect(panel.locator(".told")).to_contain_text("found")
    assert graph.evaluate("host => host.graph.nodes('.found').length") >= 1


def test_the_lineage_is_moved_by_the_mouse(opener: Open, demo_page: Path) -> None:
    page = opener(demo_page, "#fraud-detection")
    graph = _at(page, "fraud-detection").locator(".graph")
    graph.scroll_into_view_if_needed()
    box = graph.bounding_box()
    assert box
    before = graph.evaluate("host => host.graph.pan().y")
    page.mouse.move(box["x"] + 5, box["y"] + box["height"] - 25)
    page.mouse.down()
    page.mouse.move(box["x"] + 5, box["y"] + box["height"] - 125, steps=4)
    page.mouse.up()
    page.wait_for_timeout(200)
    assert graph.evaluate("host => host.graph.pan().y") < before


def test_wanted_links_that_are_missing_are_in_the_picture(opener: Open, demo_page: Path) -> None:
    page = opener(demo_page, "#fraud-detection")
    panel = _at(page, "fraud-detection")
    wanted = panel.locator(".graph").evaluate("host => host.graph.nodes('.wanted').length")
    assert wanted > 0
    assert panel.locator("ul.wanted li").count() == wanted


def test_what_is_printed_is_everything_of_a_few_workloads(
    opener: Open, demo_page: Path, said: list[str]
) -> None:
    page = opener(demo_page)
    page.locator('html[data-ready="all"]').wait_for()
    page.evaluate("dispatchEvent(new Event('beforeprint'))")
    panels = page.locator("section.workload")
    assert panels.count() == 7
    assert page.locator("details:not([open])").count() == 0
    page.evaluate("dispatchEvent(new Event('afterprint'))")
    assert panels.count() == 0
    assert len(page.pdf()) > 100_000
    assert said == []


@pytest.mark.parametrize("scheme", ["light", "dark"])
@pytest.mark.parametrize("size", [{"width": 1280, "height": 900}, PHONE], ids=["wide", "phone"])
def test_nothing_shuts_anybody_out(
    opener: Open, demo_page: Path, scheme: str, size: dict[str, int]
) -> None:
    anchor = "#clickstream-ranking/4.6"
    page = opener(demo_page, anchor, color_scheme=scheme, viewport=size)
    expect(_at(page, anchor[1:]).locator(".body")).to_be_visible()
    found = page.evaluate(
        f"{AXE.read_text('utf-8')}; axe.run(document, {{resultTypes: ['violations']}})"
    )
    serious = [each for each in found["violations"] if each["impact"] in {"serious", "critical"}]
    assert [(each["id"], each["nodes"][0]["html"]) for each in serious] == []


def test_it_is_as_wide_as_a_phone(opener: Open, demo_page: Path) -> None:
    page = opener(demo_page, "#fraud-detection/4.5", viewport=PHONE)
    assert page.evaluate("document.documentElement.scrollWidth") == PHONE["width"]


def test_without_a_script_there_is_a_table(opener: Open, demo_page: Path) -> None:
    page = opener(demo_page)
    silent = page.context.browser
    assert silent
    plain = silent.new_page(java_script_enabled=False)
    plain.goto(demo_page.as_uri())
    expect(plain.locator("noscript tbody tr")).to_have_count(7)
    plain.close()


@pytest.mark.parametrize("name", ["</script><script>alert(1)</script>", _IMAGE])
def test_a_badly_chosen_name_is_text_and_nothing_else(
    opener: Open, write: Callable[[Audit], Path], demo: Audit, name: str, said: list[str]
) -> None:
    page = opener(write(_named(demo, name)), f"#{quote(name, safe='')}")
    panel = page.locator("section.workload")
    expect(panel.get_by_role("heading", level=2)).to_have_text(name)
    expect(panel.locator(".arns code").first).to_have_text(name)
    expect(panel.locator("details.item .says").first).to_have_text(name)
    panel.locator("details.item summary").first.click()
    expect(panel.locator("details.item td").first).to_have_text(name)
    page.get_by_label("Find", exact=True).fill(name)
    expect(_at(page, "/progress")).to_have_text("Searched all facts: 1 workloads have them")
    assert page.locator("main img, main script, main [onerror]").count() == 0
    assert said == []


def _named(audit: Audit, name: str) -> Audit:
    """Give one workload of an audit, with one name for all that an account names."""
    own = audit.workloads[0]
    items = tuple(
        replace(
            each,
            summary=name,
            observations=tuple(replace(seen, fact=name, arn=name) for seen in each.observations),
        )
        for each in own.items
        if each.observations
    )
    nodes = tuple(replace(node, label=name, detail=name) for node in own.lineage.nodes)
    lineage = replace(own.lineage, nodes=nodes)
    bad = replace(own, name=name, members=(name,), items=items, lineage=lineage)
    return replace(audit, workloads=(bad,), extended=())


def test_500_workloads_open_and_are_filtered(
    opener: Open, page_of_500: Path, said: list[str]
) -> None:
    page = opener(page_of_500)
    expect(_listed(page)).to_have_count(50)
    page.locator("select[name=item]").select_option("4.6")
    page.get_by_role("checkbox", name="not applicable").uncheck()
    expect(page.locator("output").first).to_have_text(re.compile("^[1-9][0-9]? of 500"))
    assert said == []


def test_500_workloads_are_searched_by_their_facts(opener: Open, page_of_500: Path) -> None:
    page = opener(page_of_500)
    page.get_by_label("Find", exact=True).fill("event-source-mapping")
    progress = _at(page, "/progress")
    expect(progress).to_have_text(re.compile("Searched all facts: [1-9]"), timeout=120_000)
    assert 0 < int(page.locator("output").first.inner_text().split()[0]) < 500


def test_pages_of_the_table_follow_one_another(opener: Open, page_of_500: Path) -> None:
    page = opener(page_of_500)
    first = _listed(page).first.inner_text()
    page.get_by_role("button", name="Next").click()
    expect(_at(page, "/pages")).to_contain_text("Page 2 of 10")
    assert _listed(page).first.inner_text() != first


@pytest.mark.scale
def test_5000_workloads_still_open(opener: Open, page_of_5000: Path, said: list[str]) -> None:
    page = opener(page_of_5000, "#fraud-detection-0004/4.5")
    expect(_at(page, "fraud-detection-0004/4.5").locator(".body")).to_be_visible()
    expect(_at(page, "/pages")).to_contain_text("Page 1 of 100")
    assert said == []


def test_what_changed_since_an_earlier_audit_has_a_column_to_order_by(
    opener: Open, demo: Audit, tmp_path: Path, said: list[str]
) -> None:
    first, second, *others = demo.workloads
    changed = (
        replace(first, trend=Trend(demo.started_at, 1, 2, better=(), worse=("1.1", "6.1"))),
        replace(second, trend=Trend(demo.started_at, 1, 2, better=("1.1",), worse=())),
    )
    path = tmp_path / "report.html"
    path.write_text(as_html.render(replace(demo, workloads=(*changed, *others))), "utf-8")
    page = opener(path)
    order = page.get_by_role("button", name="Trend")
    order.click()
    expect(_listed(page).first).to_contain_text("1 better since 1/2")
    order.click()
    expect(_listed(page).first).to_contain_text("2 worse since 1/2")
    assert said == []
