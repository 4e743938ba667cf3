"""What every check keeps, the next ones included.

The rules call the check itself, not the engine: there a crash would look like an honest
"not assessed".
"""

import pkgutil
import re
from collections.abc import Callable, Mapping
from copy import deepcopy
from importlib import import_module
from itertools import count
from pathlib import Path
from typing import Any, get_args, get_origin, get_type_hints

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

import mlaudit_checks
from mlaudit.capabilities import providers
from mlaudit.capabilities.streaming import StreamingGate
from mlaudit.capabilities.training import ParallelTraining
from mlaudit.catalog import Check, Item, catalogue, check
from mlaudit.evidence import Evidence, exists, verdict
from mlaudit.model import Gap, GapReason, Grade, Observation, Status, Verdict
from mlaudit.resources import KINDS

NUMBERED = {1: 6, 2: 5, 3: 9, 4: 11, 5: 10, 6: 6, 7: 7, 8: 5, 9: 5}
UNNUMBERED = ("anomalies", "saturation", "latency", "traffic", "errors", "notification")
IDS = frozenset(
    {f"{section}.{number}" for section, last in NUMBERED.items() for number in range(1, last + 1)}
    | {f"6.{topic}" for topic in UNNUMBERED}
)
"""Every id there is: public, never reused and never renamed."""

BEYOND = (
    *(f"X.{number}" for number in range(1, 34)),
    *(f"D.{number}" for number in range(1, 40)),
)
"""The ids beyond the checklist, frozen as well."""

FRAMEWORK_IDS = {
    "ml_lens": r"ML(OPS|SEC|REL|PERF|COST|SUS)0[1-6]-BP[01]\d",
    "ml_test_score": r"(Data|Model|Infra|Monitor) [1-7]",
    "nist_ai_rmf": r"(GOVERN|MAP|MEASURE|MANAGE) \d\.\d{1,2}",
    "iso_42001": r"A\.\d{1,2}\.\d(\.\d)?",
    "eu_ai_act": r"Article \d{1,2}(\(\d\))?",
    "security_hub": r"SageMaker\.\d{1,2}",
}
CATALOGUE = catalogue()
CHECKS = (*CATALOGUE.checks.values(), *CATALOGUE.extended_checks.values())

each_check = pytest.mark.parametrize("judged", CHECKS, ids=[each.id for each in CHECKS])
each_item = pytest.mark.parametrize(
    "item", CATALOGUE.items, ids=[item.id for item in CATALOGUE.items]
)

DENIED = Gap("sagemaker:ListEndpoints", "eu-west-1", "AccessDenied", GapReason.DENIED)
GATE_WORDS = "the streaming gate has a word"
OPEN = StreamingGate(verdict(Status.PASS, (Observation("arn", Grade.EXERCISED, GATE_WORDS),)))
CLOSED = StreamingGate(verdict(Status.FAIL, (Observation("arn", Grade.MISSED, GATE_WORDS),)))
UNDECIDED = StreamingGate(verdict(Status.NOT_ASSESSED, (), (DENIED,)))

UNSEEN: Mapping[type, Any] = {Evidence: Evidence((), (DENIED,)), StreamingGate: UNDECIDED}
EMPTY: Mapping[type, Any] = {Evidence: Evidence(), StreamingGate: CLOSED}


def parameters(judged: Check) -> dict[str, Any]:
    hints = get_type_hints(judged.function)
    hints.pop("return")
    return hints


def filled(judged: Check, values: Mapping[type, Any]) -> dict[str, Any]:
    return {name: values[get_origin(hint) or hint] for name, hint in parameters(judged).items()}


def says_that_it_could_not_see(judged: Check) -> None:
    found = judged(**filled(judged, UNSEEN))
    assert found.status is Status.NOT_ASSESSED
    assert DENIED in found.gaps
    assert DENIED.words in found.summary


def finds_nothing_where_there_is_nothing(judged: Check) -> None:
    found = judged(**filled(judged, EMPTY))
    assert found.status in {Status.NOT_APPLICABLE, Status.FAIL}
    assert found.summary


def is_blind_where_one_part_is(judged: Check) -> None:
    empty, unseen = filled(judged, EMPTY), filled(judged, UNSEEN)
    full = judged(**empty).status
    for name in parameters(judged):
        found = judged(**{**empty, name: unseen[name]})
        assert found.status in {Status.NOT_ASSESSED, full} - {Status.PASS}, name
        assert found.status is full or DENIED in found.gaps, name


def is_found_by_its_name(judged: Check) -> None:
    package, _, module = judged.function.__module__.rpartition(".")
    number = judged.id.replace(".", "_").lower()
    folder = package.rpartition(".")[2]
    assert module == f"c{number}_{judged.function.__name__}"
    section = judged.id.partition(".")[0].lower()
    beyond = judged.id in CATALOGUE.extended_checks
    assert folder.startswith(f"{section}_" if beyond else f"s{section}_")
    assert (Path(__file__).parent / folder / f"test_{module}.py").is_file()


def says_why_and_what_counts(judged: Check) -> None:
    why, _, counts = judged.rationale.partition("\n\n")
    assert why.endswith(".")
    assert counts.startswith("Exercised")
    assert "configured" in counts or "partial" in counts


RULES = (
    says_that_it_could_not_see,
    finds_nothing_where_there_is_nothing,
    is_blind_where_one_part_is,
    is_found_by_its_name,
    says_why_and_what_counts,
)
each_rule = pytest.mark.parametrize("rule", RULES, ids=[each.__name__ for each in RULES])


@each_rule
@each_check
def test_every_check_keeps_the_contract(rule: Callable[[Check], None], judged: Check) -> None:
    rule(judged)


@check("1.1")
def vacuous(jobs: Evidence[ParallelTraining]) -> Verdict:
    status = Status.PASS if all(each.succeeded for each in jobs.items) else Status.FAIL
    return Verdict(status, (), (), "all is well")


@each_rule
def test_the_contract_refuses_a_vacuous_check(rule: Callable[[Check], None]) -> None:
    with pytest.raises(AssertionError):
        rule(vacuous)


def given_by(hint: Any) -> st.SearchStrategy[Any]:
    if hint is StreamingGate:
        return st.sampled_from([OPEN, CLOSED, UNDECIDED])
    items = st.lists(st.from_type(get_args(hint)[0]), max_size=2).map(tuple)
    return st.builds(Evidence, items, st.sampled_from([(), (DENIED,)]))


def evidence_for(judged: Check) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries(
        {name: given_by(hint) for name, hint in parameters(judged).items()}
    )


def is_pure(judged: Check, given_evidence: dict[str, Any]) -> bool:
    before = deepcopy(given_evidence)
    first, second = judged(**given_evidence), judged(**given_evidence)
    return first == second and repr(before) == repr(given_evidence)


def whole(seen: Any) -> Any:
    return Evidence(seen.items) if isinstance(seen, Evidence) else seen


def hidden_in(seen: Any, keep: int) -> Any:
    if isinstance(seen, Evidence):
        return Evidence(seen.items[:keep], (DENIED,))
    return UNDECIDED


few = settings(
    max_examples=25,
    # Evidence is large: many fields, each drawn.
    suppress_health_check=[HealthCheck.too_slow, HealthCheck.data_too_large],
    deadline=None,
)


@each_check
@few
@given(data=st.data())
def test_every_check_is_pure(judged: Check, data: st.DataObject) -> None:
    assert is_pure(judged, data.draw(evidence_for(judged)))


@each_check
@few
@given(data=st.data())
def test_less_sight_never_gives_another_known_status(judged: Check, data: st.DataObject) -> None:
    full = {name: whole(each) for name, each in data.draw(evidence_for(judged)).items()}
    lost = data.draw(st.sets(st.sampled_from(sorted(full)), min_size=1))
    keep = data.draw(st.integers(0, 2))
    blind = judged(**{**full, **{name: hidden_in(full[name], keep) for name in lost}})
    truth = judged(**full).status
    known = {truth} if blind.settled or truth is not Status.PARTIAL else {truth, Status.FAIL}
    assert blind.status in known | {Status.NOT_ASSESSED}


_calls = count()


@check("1.1")
def impure(jobs: Evidence[ParallelTraining]) -> Verdict:
    return exists(jobs, lambda job: job.observed(Grade.MISSED, "seen"), nothing=f"{next(_calls)}")


def test_the_contract_refuses_an_impure_check() -> None:
    assert not is_pure(impure, {"jobs": Evidence[ParallelTraining]()})


def test_every_module_has_exactly_one_check_and_every_check_is_discovered() -> None:
    found = [
        [each.id for each in vars(import_module(module.name)).values() if isinstance(each, Check)]
        for module in pkgutil.walk_packages(mlaudit_checks.__path__, "mlaudit_checks.")
        if not module.ispkg
    ]
    assert sorted(found) == sorted([each.id] for each in CHECKS)


@each_check
def test_what_a_check_asks_for_is_provided(judged: Check) -> None:
    assert set(judged.needs.values()) <= {StreamingGate, *providers(), *KINDS.values()}


def test_the_ids_are_the_frozen_ones() -> None:
    assert len(IDS) == len(CATALOGUE.items) == 70
    assert {item.id for item in CATALOGUE.items} == IDS
    assert list(CATALOGUE.sections) == list(NUMBERED)


def test_the_ids_beyond_the_checklist_are_the_frozen_ones() -> None:
    assert tuple(item.id for item in CATALOGUE.extended) == BEYOND
    assert CATALOGUE.extended_checks.keys() <= {*BEYOND}
    assert not IDS & {*BEYOND}


@pytest.mark.parametrize("item", CATALOGUE.extended, ids=BEYOND)
def test_what_is_judged_beyond_the_checklist_is_described(item: Item) -> None:
    assert item.title
    assert not item.title.endswith(".")
    assert item.asks.endswith(".")
    assert item.next_step.endswith(".") == (item.id in CATALOGUE.extended_checks)
    assert not (item.made_of and item.id in CATALOGUE.extended_checks)


def test_every_group_of_practices_says_who_asks_and_has_some() -> None:
    named = {item.group for item in CATALOGUE.extended if item.id.startswith("D.")}
    assert named == {group.id for group in CATALOGUE.groups}
    assert all(group.title and group.source for group in CATALOGUE.groups)


@pytest.mark.parametrize(
    ("named", "ids"),
    [
        ("floor", CATALOGUE.floor),
        ("any of", frozenset().union(*CATALOGUE.any_of)),
        ("streaming item", frozenset({CATALOGUE.streaming_item})),
        ("checks", frozenset(CATALOGUE.checks)),
    ],
)
def test_the_rules_of_the_catalogue_name_items_of_it(named: str, ids: frozenset[str]) -> None:
    assert ids, named
    assert ids <= IDS, named


def test_the_rules_of_the_catalogue_are_those_of_the_guide() -> None:
    assert CATALOGUE.streaming_item == "4.6"
    assert CATALOGUE.any_of == (frozenset({"7.4", "7.5", "7.6", "7.7"}),)
    quality = {"3.1", "3.3", "3.6", "4.11", "5.9", "5.10", "6.1", "6.2", "6.4", "7.3"}
    assert CATALOGUE.floor == quality | {"6.errors", "6.latency", "6.notification"}


@each_item
def test_every_item_is_described(item: Item) -> None:
    assert item.title
    assert not item.title.endswith(".")
    assert item.asks.endswith(".")
    assert item.guidance.startswith("https://docs.aws.amazon.com/prescriptive-guidance/")
    assert item.guidance.endswith(".html")
    assert item.proof in {"automatic", "partly", "person"}
    unnumbered = item.id.partition(".")[2] in UNNUMBERED
    assert item.numbering == ("unverified" if unnumbered else "guide")


@each_item
def test_an_item_is_mapped_to_ids_of_the_frameworks(item: Item) -> None:
    assert item.maps, "no framework has anything like it"
    for framework, ids in item.maps.items():
        assert ids
        assert all(re.fullmatch(FRAMEWORK_IDS[framework], id_) for id_ in ids), framework


@each_item
def test_an_item_has_a_next_step_if_it_has_a_check(item: Item) -> None:
    assert item.next_step.endswith(".") == (item.id in CATALOGUE.checks)
