"""Reading a check pack, and refusing one that is declared wrongly."""

import sys
from collections.abc import Callable, Iterator, Mapping
from datetime import date
from importlib import import_module
from itertools import count
from pathlib import Path
from types import ModuleType

import pytest

import mlaudit.catalog
from mlaudit.api import Evidence, Verdict, check, exists, for_all
from mlaudit.audit import Scope
from mlaudit.capabilities.streaming import StreamingGate, StreamPath
from mlaudit.catalog import CatalogueError, load_catalogue
from mlaudit.model import Grade, Observation, Status

Pack = Callable[..., ModuleType]

DOCUMENT = """\
edition: "1"
streaming_item: "1.2"
any_of: [["1.1", "1.3"]]
floor: ["1.1"]
sections:
  - {number: 1, title: First, page: first.html}
items:
  - id: "1.1"
    title: One
    proof: partly
    scope: platform
    asks: It asks.
    next_step: Do it.
  - id: "1.2"
    title: Two
    proof: person
    numbering: unverified
    asks: It asks.
  - id: "1.3"
    title: Three
    proof: automatic
    asks: It asks.
    maps: {other: [A.1, A.2]}
ladders:
  - id: levels
    title: Levels
    source: somebody
    start: none
    levels:
      - {name: low, requires: ["1.1"]}
      - {name: high, requires: ["1.*", "1.1|1.3"]}
frameworks:
  - {id: other, title: Another list, as_of: 2026-01-31, dates: [{day: 2027-12-02, what: it binds}]}
"""
PRACTICES = """\
ladders:
  - id: steps
    title: Steps
    source: somebody
    start: none
    levels:
      - {name: low, requires: [D.2]}
groups:
  - id: some
    title: Some
    source: somebody
    practices:
      - {id: D.1, title: One, asks: It asks.}
      - {id: D.2, title: Two, asks: It asks., from: [1.1|1.3, D.1]}
"""
CHECK = '''\
from mlaudit.api import Evidence, Observation, Verdict, check, for_all
from mlaudit.resources import Endpoint


@check("{id}")
def {name}(endpoints: Evidence[Endpoint]) -> Verdict:
    """It matters."""
    return for_all(endpoints, lambda _: Observation("arn", "exercised", "it works"))
'''
_packs = count()


def one(id_: str, name: str = "one") -> str:
    return CHECK.format(id=id_, name=name)


@pytest.fixture
def pack(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Pack]:
    """Write and import a check pack: a catalogue, and modules by their path."""
    names: list[str] = []

    def write(
        document: str = DOCUMENT, modules: Mapping[str, str] | None = None, practices: str = ""
    ) -> ModuleType:
        names.append(f"pack_of_tests_{next(_packs)}")
        folder = tmp_path / names[-1]
        for path, text in {"__init__.py": "", **(modules or {})}.items():
            (folder / path).parent.mkdir(parents=True, exist_ok=True)
            (folder / path).write_text(text)
        (folder / "catalogue.yaml").write_text(document)
        if practices:
            (folder / "practices.yaml").write_text(practices)
        return import_module(names[-1])

    monkeypatch.syspath_prepend(str(tmp_path))
    yield write
    for module in [each for each in sys.modules if each.partition(".")[0] in names]:
        del sys.modules[module]


def test_a_pack_gives_its_items_its_rules_and_its_checks(pack: Pack) -> None:
    modules = {
        "s1_first/__init__.py": "",
        "s1_first/c1_1_one.py": one("1.1"),
        "s1_first/c1_3_three.py": one("1.3", "three"),
        "words.py": "A_CONSTANT = 1",
    }
    found = load_catalogue(pack(modules=modules))
    assert [item.id for item in found.items] == ["1.1", "1.2", "1.3"]
    assert found.sections == {1: "First"}
    assert found.any_of == (frozenset({"1.1", "1.3"}),)
    assert found.floor == {"1.1"}
    assert found.streaming_item == "1.2"
    assert sorted(found.checks) == ["1.1", "1.3"]
    assert found.checks["1.3"].rationale == "It matters."


def test_a_level_asks_for_nothing_that_a_lower_one_asks_for(pack: Pack) -> None:
    (ladder,) = load_catalogue(pack()).ladders
    assert [level.requires for level in ladder.levels] == [
        (("1.1",),),
        (("1.2",), ("1.3",), ("1.1", "1.3")),
    ]


def test_practices_belong_to_a_document_and_rest_on_other_results(pack: Pack) -> None:
    found = load_catalogue(pack(practices=PRACTICES))
    assert [(each.id, each.group) for each in found.extended] == [("D.1", "some"), ("D.2", "some")]
    assert found.extended[1].made_of == (("1.1", "1.3"), ("D.1",))
    assert found.extended[1].rests_on == "1.1 or 1.3, D.1"
    assert [(group.id, group.source) for group in found.groups] == [("some", "somebody")]
    assert [ladder.id for ladder in found.ladders] == ["levels", "steps"]
    assert found.version != load_catalogue(pack()).version


@pytest.mark.parametrize("id_", ["D.2", "9.9"])
def test_a_practice_rests_only_on_what_is_judged_before_it(pack: Pack, id_: str) -> None:
    with pytest.raises(CatalogueError, match=rf"not judged before it: {id_}"):
        load_catalogue(pack(practices=PRACTICES.replace("1.1|1.3, D.1", f"'{id_}'")))


def test_an_item_leads_to_related_ids_of_dated_frameworks(pack: Pack) -> None:
    found = load_catalogue(pack())
    assert [dict(item.maps) for item in found.items] == [{}, {}, {"other": ("A.1", "A.2")}]
    (framework,) = found.frameworks
    assert framework.as_of == date(2026, 1, 31)
    assert framework.dates == ((date(2027, 12, 2), "it binds"),)


def test_an_item_is_for_workloads_and_numbered_by_the_guide_unless_it_says_otherwise(
    pack: Pack,
) -> None:
    first, second, third = load_catalogue(pack()).items
    assert (first.scope, third.scope) == (Scope.PLATFORM, Scope.WORKLOAD)
    assert (second.numbering, third.numbering) == ("unverified", "guide")
    assert (first.next_step, third.next_step) == ("Do it.", "")
    assert first.guidance == (
        "https://docs.aws.amazon.com/prescriptive-guidance/latest/mlops-checklist/first.html"
    )


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ('edition: "1"', 'edition: "2"'),
        ('streaming_item: "1.2"', 'streaming_item: "1.3"'),
        ('["1.1", "1.3"]', '["1.1"]'),
        ('floor: ["1.1"]', 'floor: ["1.1", "1.3"]'),
        ("title: First", "title: Last"),
        ("first.html", "last.html"),
        ("title: One", "title: Eins"),
        ("proof: partly", "proof: person"),
        ("scope: platform", "scope: workload"),
        ("next_step: Do it.", "next_step: Do it now."),
        ("    numbering: unverified\n", ""),
        ("items:\n", 'items:\n  - {id: "1.4", title: Four, proof: partly, asks: It asks.}\n'),
        ("It asks.\n  - ", "It asks more.\n  - "),
        ("A.2", "A.3"),
        ("2027-12-02", "2027-12-03"),
        ("name: low", "name: lower"),
    ],
)
def test_the_version_changes_with_any_change_of_content(pack: Pack, old: str, new: str) -> None:
    assert old in DOCUMENT
    changed = DOCUMENT.replace(old, new, 1)
    assert load_catalogue(pack(changed)).version != load_catalogue(pack()).version


@pytest.mark.parametrize("document", [DOCUMENT, f"# a comment\n{DOCUMENT}"])
def test_the_version_stays_while_the_content_does(pack: Pack, document: str) -> None:
    version = load_catalogue(pack(document)).version
    assert version == load_catalogue(pack(modules={"c1_1_one.py": one("1.1")})).version
    assert version.startswith("1+")


@pytest.mark.parametrize(
    ("modules", "message"),
    [
        ({"c1_1_one.py": one("1.1") + one("1.3", "three")}, "c1_1_one declares 2 checks. Put"),
        ({"c1_1_one.py": "A_CONSTANT = 1"}, "c1_1_one declares 0 checks. Put exactly one in each"),
        (
            {"c1_1_one.py": one("1.1"), "c1_1_two.py": one("1.1", "two")},
            "Item 1.1 has two checks. Remove one.",
        ),
        ({"c9_9_one.py": one("9.9")}, "without a catalogue item: 9.9. Add the items to"),
    ],
)
def test_checks_declared_wrongly_are_refused_with_advice(
    pack: Pack, modules: dict[str, str], message: str
) -> None:
    with pytest.raises(CatalogueError, match=message):
        load_catalogue(pack(modules=modules))


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ('floor: ["1.1"]', 'floor: ["1.l"]', "without a catalogue item: 1.l. Add the items to"),
        ('[["1.1", "1.3"]]', '[["1.1", "1.7"]]', "without a catalogue item: 1.7. Add"),
        ('streaming_item: "1.2"', 'streaming_item: "4.6"', "without a catalogue item: 4.6. Add"),
        ('id: "1.3"', 'id: "1.1"', "Items described twice: 1.1. Remove one of each."),
        ('"1.1|1.3"', '"1.1|1.8"', "without a catalogue item: 1.8. Add"),
        ("{other: [", "{others: [", "frameworks without an entry: others. Add them to"),
    ],
)
def test_rules_that_name_no_item_are_refused_with_advice(
    pack: Pack, old: str, new: str, message: str
) -> None:
    assert old in DOCUMENT
    with pytest.raises(CatalogueError, match=message):
        load_catalogue(pack(DOCUMENT.replace(old, new, 1)))


def test_without_a_pack_the_user_is_told_to_reinstall(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(mlaudit.catalog, "entry_points", lambda group: [])  # noqa: ARG005
    with pytest.raises(CatalogueError, match=r"No checks are installed\. Reinstall mlaudit\."):
        mlaudit.catalog.catalogue.__wrapped__()


def test_a_check_says_what_it_needs_and_stays_callable() -> None:
    @check("4.6")
    def judged(paths: Evidence[StreamPath], gate: StreamingGate) -> Verdict:
        """Why.

        What counts.
        """
        return for_all(
            paths, lambda path: Observation(path.arn, Grade.MISSED, gate.verdict.summary)
        )

    assert dict(judged.needs) == {"paths": StreamPath, "gate": StreamingGate}
    assert judged.rationale == "Why.\n\nWhat counts."
    gate = StreamingGate(exists(Evidence[StreamPath](), lambda _: pytest.fail("nothing to judge")))
    path = StreamPath("arn", "a feeds b", live=True, at=None)
    assert judged(Evidence((path,)), gate).status is Status.FAIL
    assert judged(paths=Evidence(), gate=gate).status is Status.NOT_APPLICABLE
