"""What practices make of other results: all that is needed, the best of what will do."""

from dataclasses import replace

import pytest

from mlaudit.audit import ItemResult, Scope
from mlaudit.derived import derived, strength_of
from mlaudit.model import Gap, GapReason, Grade, Observation, Status, Strength

PASS, PARTIAL, FAIL = Status.PASS, Status.PARTIAL, Status.FAIL
EXEMPT, UNSEEN = Status.NOT_APPLICABLE, Status.NOT_ASSESSED
GAP = Gap("sagemaker:ListEndpoints", "eu-west-1", "AccessDenied", GapReason.DENIED)
BOTH = (("1.1",), ("1.2",))
EITHER = (("1.1", "1.2"),)


def results(*statuses: Status, strength: Strength = Strength.EXERCISED) -> dict[str, ItemResult]:
    found = {}
    for number, status in enumerate(statuses, start=1):
        id_ = f"1.{number}"
        seen = Observation(f"arn:{id_}", Grade.EXERCISED, f"fact of {id_}")
        gaps = (GAP,) if status is UNSEEN else ()
        found[id_] = ItemResult(
            id_, id_, 1, Scope.WORKLOAD, status, strength, False, f"says {id_}", (seen,), gaps
        )
    return found


@pytest.mark.parametrize(
    ("made_of", "statuses", "status"),
    [
        (BOTH, (PASS, PASS), PASS),
        (BOTH, (PASS, FAIL), PARTIAL),
        (BOTH, (FAIL, FAIL), FAIL),
        (BOTH, (PASS, EXEMPT), PASS),
        (BOTH, (EXEMPT, EXEMPT), EXEMPT),
        (BOTH, (PASS, UNSEEN), UNSEEN),
        (BOTH, (PARTIAL, UNSEEN), PARTIAL),
        (BOTH, (FAIL, UNSEEN), UNSEEN),
        (EITHER, (PASS, FAIL), PASS),
        (EITHER, (PARTIAL, FAIL), PARTIAL),
        (EITHER, (FAIL, EXEMPT), FAIL),
        (EITHER, (EXEMPT, EXEMPT), EXEMPT),
        (EITHER, (PASS, UNSEEN), PASS),
        (EITHER, (FAIL, UNSEEN), UNSEEN),
    ],
)
def test_all_groups_are_needed_and_of_each_the_best_counts(
    made_of: tuple[tuple[str, ...], ...], statuses: tuple[Status, ...], status: Status
) -> None:
    assert derived(made_of, results(*statuses)).status is status


def test_the_words_name_the_results_that_decided() -> None:
    assert derived(BOTH, results(PASS, FAIL)).summary == "1.2: says 1.2"
    assert derived(BOTH, results(PASS, UNSEEN)).summary.startswith("could not be seen")


def test_each_result_brings_its_strongest_facts() -> None:
    known = results(PASS, PASS)
    many = tuple(Observation(f"arn:{n}", Grade.CONFIGURED, f"fact {n}") for n in range(9))
    known["1.1"] = replace(known["1.1"], observations=(*many, *known["1.1"].observations))
    facts = [seen.fact for seen in derived(BOTH, known).observations]
    assert facts == ["fact of 1.1", "fact 0", "fact 1", "fact 2", "fact 3", "fact of 1.2"]


@pytest.mark.parametrize(
    ("made_of", "by_people", "strength"),
    [
        (BOTH, {"1.1"}, Strength.ATTESTED),
        (BOTH, set(), Strength.EXERCISED),
        (EITHER, {"1.1"}, Strength.EXERCISED),
        (EITHER, {"1.1", "1.2"}, Strength.ATTESTED),
    ],
)
def test_what_rests_on_people_says_so(
    made_of: tuple[tuple[str, ...], ...], by_people: set[str], strength: Strength
) -> None:
    known = results(PASS, PASS)
    known |= {id_: replace(known[id_], strength=Strength.ATTESTED) for id_ in by_people}
    assert strength_of(derived(made_of, known), made_of, known) is strength
