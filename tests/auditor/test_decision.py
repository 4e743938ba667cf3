"""May a version go where it is meant to: the truth table of the gate, and what would open it."""

from __future__ import annotations

from collections.abc import Callable, Collection, Mapping
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from mlaudit.audit import Audit, ItemResult, Outcome, WorkloadAudit
from mlaudit.catalog import Catalogue, catalogue
from mlaudit.decision import Decision, Question, decide, no_worse, refusals
from mlaudit.denials import Effort
from mlaudit.judge import judge
from mlaudit.model import Gap, GapReason, Status
from mlaudit.testing import serving, snapshot
from mlaudit.thresholds import DEFAULT_PERCENT, DEFAULT_RULES, Rules, Target
from mlaudit.versions import Candidate, Need, Requirement

Results = Callable[..., tuple[ItemResult, ...]]

NOW = datetime(2026, 3, 14, tzinfo=UTC)
ARN = "arn:aws:sagemaker:eu-west-1:123456789012:"
PACKAGE = f"{ARN}model-package/fraud/3"
ITEM = {
    Need.REGISTERED: "3.1",
    Need.APPROVED: "9.4",
    Need.EVALUATED: "5.9",
    Need.MONITORED: "6.1",
    Need.RECOVERABLE: "3.6",
}
KNOWN = catalogue()
IDS = tuple(item.id for item in KNOWN.items)
FLOOR = tuple(sorted(KNOWN.floor))
GROUP = ("7.4", "7.5", "7.6", "7.7")
PLAIN = tuple(id_ for id_ in IDS if id_ not in {"4.6", *GROUP, *FLOOR, *ITEM.values()})

PASS, PARTIAL, FAIL = Status.PASS, Status.PARTIAL, Status.FAIL
UNSEEN, NONE = Status.NOT_ASSESSED, Status.NOT_APPLICABLE
OPEN, CLOSED, CANNOT = Outcome.OPEN, Outcome.CLOSED, Outcome.CANNOT_DECIDE
STREAMING, REALTIME, SERVERLESS = Target.STREAMING, Target.REALTIME, Target.SERVERLESS
ASYNC, BATCH, REGISTRY = Target.ASYNC, Target.BATCH, Target.REGISTRY


def version(needs: Mapping[Need, Status] | None = None, **changes: Any) -> Candidate:
    """A version that meets every need but those given."""
    statuses = dict.fromkeys(Need, PASS) | dict(needs or {})
    asked = tuple(
        Requirement(need, ITEM[need], status, f"it is {status}")
        for need, status in statuses.items()
    )
    usual = Candidate(PACKAGE, "fraud/3", NOW, ("fraud",), asked)
    return replace(usual, **changes)


@pytest.fixture(scope="session")
def plain() -> Audit:
    """An audit of one workload that serves."""
    tags = {"mlaudit:workload": "fraud"}
    judged = judge(snapshot(*serving("fraud", endpoint={"tags": tags})), KNOWN)
    return replace(judged, account="123456789012", started_at=NOW)


@pytest.fixture(scope="session")
def audited(plain: Audit, results: Results) -> Callable[..., Audit]:
    """An audit of a workload in which all is complete but what is given."""

    def audited(
        statuses: Mapping[str, Status] | None = None,
        candidates: tuple[Candidate, ...] | None = None,
        attested: Collection[str] = (),
        **changes: Any,
    ) -> Audit:
        workload: WorkloadAudit = replace(
            plain.workloads[0],
            items=results(statuses or {}, attested),
            candidates=(version(),) if candidates is None else candidates,
            **changes,
        )
        return replace(plain, workloads=(workload,))

    return audited


def ask(target: Target = STREAMING, **changes: Any) -> Question:
    given_ = {"workload": "fraud", **changes}
    return Question(target=target, **{key: value for key, value in given_.items() if value})


def answer(audit: Audit, question: Question, rules: Rules = DEFAULT_RULES) -> Decision:
    return decide(audit, question, KNOWN, rules)


def each(status: Status, ids: Collection[str]) -> dict[str, Status]:
    return dict.fromkeys(ids, status)


def without(target: Target, status: Status, more: int = 0) -> dict[str, Status]:
    """As many items of a status as a target just lets pass, and so many more."""
    spare = len(IDS) - 1 - -(-(len(IDS) - 1) * DEFAULT_PERCENT[target] // 100)
    return each(status, PLAIN[: spare + more])


TABLE: list[tuple[Target, dict[str, Status], dict[Need, Status], Outcome]] = [
    # everything is complete
    *((target, {}, {}, OPEN) for target in Target),
    # exactly as many as the threshold asks for, and one item below
    *((target, without(target, FAIL), {}, OPEN) for target in Target),
    *((target, without(target, FAIL, 1), {}, CLOSED) for target in Target),
    *((target, without(target, PARTIAL, 1), {}, CLOSED) for target in (STREAMING, BATCH)),
    # what was not seen counts as not complete, and may turn out to be
    *((target, without(target, UNSEEN), {}, OPEN) for target in Target),
    *((target, without(target, UNSEEN, 1), {}, CANNOT) for target in Target),
    # whatever the share, a version is asked for its own record
    *((STREAMING, {}, {need: FAIL}, CLOSED) for need in Need),
    *((BATCH, {}, {need: PARTIAL}, CLOSED) for need in Need),
    *((REALTIME, {ITEM[need]: UNSEEN}, {need: UNSEEN}, CANNOT) for need in Need),
    *((SERVERLESS, {}, {need: NONE}, OPEN) for need in Need),
    # nobody has approved a version yet that is on its way into the registry
    (REGISTRY, {}, {Need.APPROVED: FAIL}, OPEN),
    (REGISTRY, {}, {Need.APPROVED: UNSEEN}, OPEN),
    (REGISTRY, {}, {Need.EVALUATED: FAIL}, CLOSED),
    # where its record does not tell, what is concluded about all that serves does
    *((ASYNC, {}, {need: UNSEEN}, OPEN) for need in Need),
    *((ASYNC, {ITEM[need]: FAIL}, {need: UNSEEN}, CLOSED) for need in Need),
    (ASYNC, {"9.4": PARTIAL}, {Need.APPROVED: UNSEEN}, CANNOT),
    (ASYNC, {"9.4": NONE}, {Need.APPROVED: UNSEEN}, CANNOT),
    # the floor holds for every target
    *((target, {FLOOR[0]: FAIL}, {}, CLOSED) for target in Target),
    (BATCH, {"6.2": UNSEEN}, {}, CANNOT),
    (BATCH, {"6.2": PARTIAL}, {}, OPEN),
    # at most ten items may be left out
    (STREAMING, each(NONE, PLAIN[:15]), {}, OPEN),
    (STREAMING, each(NONE, PLAIN[:16]), {}, CLOSED),
    # one of the ways to deploy covers the others
    (STREAMING, each(FAIL, GROUP[1:]), {}, OPEN),
    # a failure is not made up for by doubt elsewhere
    (STREAMING, each(UNSEEN, PLAIN[:7]), {Need.EVALUATED: FAIL}, CLOSED),
    (STREAMING, each(UNSEEN, PLAIN), {}, CANNOT),
    (STREAMING, each(FAIL, PLAIN), {}, CLOSED),
]


def test_the_table_is_long_enough() -> None:
    assert len(TABLE) >= 60


@pytest.mark.parametrize(("target", "statuses", "needs", "outcome"), TABLE)
def test_outcome(
    audited: Callable[..., Audit],
    target: Target,
    statuses: dict[str, Status],
    needs: dict[Need, Status],
    outcome: Outcome,
) -> None:
    decision = answer(audited(statuses, (version(needs),)), ask(target))
    assert decision.outcome is outcome
    assert bool(decision.denials) is (outcome is not OPEN)


def test_a_word_counts_for_the_version_and_the_share(audited: Callable[..., Audit]) -> None:
    audit = audited(
        each(FAIL, PLAIN[:6]), (version({Need.APPROVED: UNSEEN}),), attested=["9.4", *PLAIN[6:9]]
    )
    assert answer(audit, ask()).outcome is OPEN


def test_an_attestation_does_not_undo_what_the_record_says(audited: Callable[..., Audit]) -> None:
    audit = audited({}, (version({Need.APPROVED: FAIL}),), attested=["9.4"])
    assert answer(audit, ask()).outcome is CLOSED


@pytest.mark.parametrize(("percent", "outcome"), [(85, OPEN), (90, CLOSED), (100, CLOSED)])
def test_a_threshold_of_the_question_takes_the_place_of_the_configured(
    audited: Callable[..., Audit], percent: int, outcome: Outcome
) -> None:
    decision = answer(audited(each(FAIL, PLAIN[:8])), ask(threshold=percent))
    assert decision.outcome is outcome
    told = "The guide asks 90 %" in " ".join(decision.gate.reasons if decision.gate else ())
    assert told is (percent != 90)


NEWER = version(arn=f"{ARN}model-package/fraud/4", name="fraud/4", serves=())
BAD = version({Need.EVALUATED: FAIL}, arn=f"{ARN}model-package/fraud/2", serves=("other",))


@pytest.mark.parametrize(
    ("question", "names"),
    [
        ({}, ["fraud/3", "fraud/3"]),
        ({"workload": None, "package": NEWER.arn}, ["fraud/4"]),
        ({"workload": None, "endpoint": "fraud"}, ["fraud/3"]),
    ],
)
def test_who_the_candidate_is(
    audited: Callable[..., Audit], question: dict[str, Any], names: list[str]
) -> None:
    audit = audited({}, (NEWER, version(), BAD))
    assert [one.name for one in answer(audit, ask(**question)).candidates] == names


def test_one_bad_candidate_is_enough(audited: Callable[..., Audit]) -> None:
    audit = audited({}, (version(), BAD))
    assert answer(audit, ask()).outcome is CLOSED
    assert answer(audit, ask(workload=None, endpoint="fraud")).outcome is OPEN


def test_a_workload_that_serves_nothing_is_asked_for_its_newest_version(
    audited: Callable[..., Audit],
) -> None:
    audit = audited({}, (NEWER, version(serves=())))
    assert [one.name for one in answer(audit, ask()).candidates] == ["fraud/4"]


@pytest.mark.parametrize(
    ("question", "says"),
    [
        ({"workload": "froud"}, "There is no workload froud in the audit. It knows"),
        ({"workload": None, "endpoint": "other"}, "There is no endpoint other"),
        ({"workload": None, "package": f"{PACKAGE}9"}, "There is no fraud/39 in the audit."),
        ({"region": "us-east-1"}, "There is no workload fraud in us-east-1"),
    ],
)
def test_what_the_audit_does_not_know_is_not_decided(
    audited: Callable[..., Audit], question: dict[str, Any], says: str
) -> None:
    decision = answer(audited(), ask(**question))
    assert (decision.outcome, decision.gate) == (CANNOT, None)
    assert says in decision.refusals[0]


def test_nothing_to_promote_is_not_decided(audited: Callable[..., Audit]) -> None:
    decision = answer(audited({}, ()), ask())
    assert decision.outcome is CANNOT
    assert "Nothing is known to be workload fraud" in decision.refusals[0]


def test_one_name_in_two_regions_is_a_question(audited: Callable[..., Audit]) -> None:
    audit = audited()
    twice = (*audit.workloads, replace(audit.workloads[0], region="us-east-1"))
    decision = answer(replace(audit, workloads=twice), ask())
    assert (decision.outcome, "--region" in decision.refusals[0]) == (CANNOT, True)
    assert answer(replace(audit, workloads=twice), ask(region="us-east-1")).outcome is OPEN


DAY = timedelta(days=1)


@pytest.mark.parametrize(
    ("changes", "question", "now", "says"),
    [
        ({}, {}, NOW + DAY, None),
        ({}, {}, NOW + DAY + timedelta(seconds=1), "The audit is 24.0 hours old"),
        ({}, {}, NOW + 9 * DAY, "The audit is 9.0 days old"),
        ({}, {}, NOW - DAY, "is to come"),
        ({}, {"account": "123456789012"}, NOW, None),
        ({}, {"account": "210987654321"}, NOW, "of account 210987654321"),
        ({}, {"workload": None, "package": PACKAGE}, NOW, None),
        (
            {},
            {"workload": None, "package": PACKAGE.replace("123456789012", "210987654321")},
            NOW,
            "of account 210987654321",
        ),
        ({"catalogue_version": "2020.1"}, {}, NOW, "made by catalogue 2020.1"),
    ],
)
def test_an_audit_that_must_not_answer(
    audited: Callable[..., Audit],
    changes: dict[str, Any],
    question: dict[str, Any],
    now: datetime,
    says: str | None,
) -> None:
    found = list(refusals(replace(audited(), **changes), ask(**question), KNOWN, now, DAY))
    assert (says is None) is (found == [])
    assert says is None or says in found[0]


class TestWhatWouldOpenIt:
    def test_the_least_effort_comes_first_and_what_nothing_makes_up_for_before_that(
        self, audited: Callable[..., Audit], plain: Audit
    ) -> None:
        audit = audited(
            {PLAIN[0]: FAIL, PLAIN[1]: PARTIAL, PLAIN[2]: UNSEEN, "6.2": FAIL}
            | each(FAIL, PLAIN[3:10]),
            (version({Need.EVALUATED: FAIL}),),
        )
        denials = answer(audit, ask()).denials
        assert [one.item for one in denials[:5]] == ["5.9", "6.2", PLAIN[2], PLAIN[1], PLAIN[0]]
        assert [one.required for one in denials[:3]] == [True, True, False]
        assert {one.effort for one in denials[2:4]} == {Effort.ATTEST, Effort.FINISH}
        assert denials[0].next_step == next(
            text.next_step for text in plain.catalogue if text.id == "5.9"
        )

    def test_where_the_share_is_reached_only_the_floor_matters(
        self, audited: Callable[..., Audit]
    ) -> None:
        decision = answer(audited({PLAIN[0]: FAIL, "6.2": FAIL}), ask())
        assert ([one.item for one in decision.denials], decision.short_by) == (["6.2"], 0)

    def test_what_another_of_its_group_covers_is_not_asked_for(
        self, audited: Callable[..., Audit]
    ) -> None:
        audit = audited(each(FAIL, GROUP[1:]) | each(FAIL, PLAIN[:7]))
        assert not {one.item for one in answer(audit, ask()).denials} & set(GROUP)

    def test_it_says_how_many_are_missing(self, audited: Callable[..., Audit]) -> None:
        assert answer(audited(each(FAIL, PLAIN[:9])), ask()).short_by == 3

    @pytest.mark.parametrize(
        ("reason", "effort", "says"),
        [
            (GapReason.NO_CHECKOUT, Effort.LET_SEE, "--repo"),
            (GapReason.THROTTLED, Effort.LET_SEE, "Scan again"),
            (GapReason.REGION_OFF, Effort.LET_SEE, "region that is on"),
            (GapReason.CONTENT_NOT_READ, Effort.ATTEST, "mlaudit attest 5.5"),
        ],
    )
    def test_what_it_takes_to_see(
        self, audited: Callable[..., Audit], reason: GapReason, effort: Effort, says: str
    ) -> None:
        audit = audited({"5.5": UNSEEN} | each(FAIL, PLAIN[-8:]))
        unseen = Gap("s3:ListBuckets", "eu-west-1", "Code", reason)
        items = tuple(
            replace(item, gaps=(unseen,)) if item.id == "5.5" else item
            for item in audit.workloads[0].items
        )
        audit = replace(audit, workloads=(replace(audit.workloads[0], items=items),))
        (denial,) = [one for one in answer(audit, ask()).denials if one.item == "5.5"]
        assert denial.effort is effort
        assert says in denial.next_step

    def test_two_candidates_with_one_fault_are_told_once(
        self, audited: Callable[..., Audit]
    ) -> None:
        other = replace(BAD, name="fraud/2")
        audit = audited({}, (version({Need.EVALUATED: FAIL}), other))
        (denial,) = answer(audit, ask()).denials
        assert denial.summary == "fraud/3, fraud/2: it is fail"


class TestBaseline:
    @pytest.mark.parametrize(
        ("before", "now", "worse"),
        [
            (PASS, PASS, False),
            (PASS, PARTIAL, True),
            (PASS, FAIL, True),
            (PASS, UNSEEN, True),
            (PARTIAL, PASS, False),
            (PARTIAL, FAIL, True),
            (PARTIAL, UNSEEN, True),
            (FAIL, FAIL, False),
            (FAIL, UNSEEN, False),
            (UNSEEN, FAIL, False),
            (NONE, FAIL, True),
            (NONE, PARTIAL, True),
            (NONE, PASS, False),
            (PASS, NONE, False),
        ],
    )
    def test_only_what_became_worse_blocks(
        self, audited: Callable[..., Audit], before: Status, now: Status, *, worse: bool
    ) -> None:
        rest = each(FAIL, PLAIN[1:40])
        then, audit = audited(rest | {PLAIN[0]: before}), audited(rest | {PLAIN[0]: now})
        decision = no_worse(answer(audit, ask(BATCH)), audit, then, KNOWN)
        assert decision.outcome is (CLOSED if worse else OPEN)
        assert decision.regressions == ((PLAIN[0],) if worse else ())
        assert [one.item for one in decision.denials] == ([PLAIN[0]] if worse else [])

    @pytest.mark.parametrize(
        ("changes", "target", "says"),
        [
            ({"account": "210987654321"}, BATCH, "of account 210987654321"),
            ({"catalogue_version": "2020.1"}, BATCH, "made by catalogue 2020.1"),
            ({"workloads": ()}, BATCH, "knows no workload fraud"),
            ({}, STREAMING, "Streaming has no baseline mode"),
        ],
    )
    def test_a_baseline_that_does_not_fit_decides_nothing(
        self, audited: Callable[..., Audit], changes: dict[str, Any], target: Target, says: str
    ) -> None:
        audit = audited()
        before = replace(audit, **changes)
        decision = no_worse(answer(audit, ask(target)), audit, before, KNOWN)
        assert decision.outcome is CANNOT
        assert says in " ".join(decision.refusals)

    def test_an_unknown_candidate_stays_unknown(self, audited: Callable[..., Audit]) -> None:
        audit = audited()
        decision = no_worse(answer(audit, ask(BATCH, workload="x")), audit, audit, KNOWN)
        assert decision.outcome is CANNOT


STATUSES = st.dictionaries(st.sampled_from(IDS), st.sampled_from(Status))
NEEDS = st.dictionaries(st.sampled_from(Need), st.sampled_from(Status))


@given(
    statuses=STATUSES,
    needs=NEEDS,
    target=st.sampled_from(Target),
    id_=st.sampled_from(IDS),
    becomes=st.sampled_from([PARTIAL, FAIL, UNSEEN]),
)
def test_nothing_that_gets_worse_opens_a_gate(  # noqa: PLR0913 - one for each thing drawn
    *,
    audited: Callable[..., Audit],
    statuses: dict[str, Status],
    needs: dict[Need, Status],
    target: Target,
    id_: str,
    becomes: Status,
) -> None:
    before = answer(audited({**statuses, id_: PASS}, (version(needs),)), ask(target))
    after = answer(audited({**statuses, id_: becomes}, (version(needs),)), ask(target))
    assert before.outcome is OPEN or after.outcome is not OPEN


@given(
    statuses=STATUSES,
    needs=NEEDS,
    target=st.sampled_from(Target),
    id_=st.sampled_from(IDS),
    need=st.sampled_from(Need),
)
def test_losing_sight_never_opens_a_gate(  # noqa: PLR0913 - one for each thing drawn
    *,
    audited: Callable[..., Audit],
    statuses: dict[str, Status],
    needs: dict[Need, Status],
    target: Target,
    id_: str,
    need: Need,
) -> None:
    before = answer(audited(statuses, (version(needs),)), ask(target))
    blind = {**statuses, id_: UNSEEN, ITEM[need]: UNSEEN}
    after = answer(audited(blind, (version({**needs, need: UNSEEN}),)), ask(target))
    assert before.outcome is OPEN or after.outcome is not OPEN


def test_the_catalogue_asks_for_the_same(catalogue: Catalogue) -> None:
    assert set(ITEM.values()) <= {item.id for item in catalogue.items}
