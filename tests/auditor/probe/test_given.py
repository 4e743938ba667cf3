"""Whether a checkout is given decides what a person's word about the code is worth."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from pathlib import Path

import pytest

from mlaudit.audit import Effect, ItemResult
from mlaudit.catalog import Catalogue
from mlaudit.declarations import Attestation, Declarations
from mlaudit.judge import Settings, judge
from mlaudit.model import Status, Strength
from mlaudit.probe import checkouts, with_checkouts
from mlaudit.snapshot import Snapshot
from mlaudit.testing import NOW, gap, serving, snapshot

from .shapes import GITHUB

TODAY = NOW.date()
OF_THE_CODE = ("5.1", "5.2", "5.5", "5.6", "5.7", "5.10")
SAID = Settings(
    declarations=Declarations(
        tuple(
            Attestation(
                item, "fraud", "jo", TODAY, "https://x.example/1", TODAY + timedelta(days=9), "done"
            )
            for item in OF_THE_CODE
        )
    )
)
SEEN = snapshot(*serving("e", endpoint={"tags": {"mlaudit:workload": "fraud"}}))


def code_items(seen: Snapshot, catalogue: Catalogue) -> dict[str, ItemResult]:
    (workload,) = judge(seen, catalogue, SAID).workloads
    return {each.id: each for each in workload.items if each.id in OF_THE_CODE}


@pytest.mark.parametrize("item", OF_THE_CODE)
def test_without_a_checkout_a_dated_word_counts(item: str, catalogue: Catalogue) -> None:
    found = code_items(SEEN, catalogue)[item]
    assert found.attestation
    assert (found.status, found.strength) == (Status.PASS, Strength.ATTESTED)
    assert found.attestation.effect is Effect.COUNTS
    assert "NoRepository" in {each.code for each in found.gaps}


def test_a_checkout_goes_before_the_word(write: Callable[..., Path], catalogue: Catalogue) -> None:
    empty = with_checkouts(SEEN, checkouts([str(write({"README.md": ""}))]))
    found = code_items(empty, catalogue)
    assert {found[each].status for each in ("5.1", "5.5", "5.7")} == {Status.FAIL}
    full = with_checkouts(SEEN, checkouts([str(write(GITHUB, "full"))]))
    found = code_items(full, catalogue)
    assert found["5.1"].status is Status.PARTIAL
    assert found["5.5"].strength is Strength.EXERCISED


def test_next_to_a_denied_read_the_word_waits(catalogue: Catalogue) -> None:
    denied = (gap("codebuild:ListReportGroups"), gap("codebuild:ListProjects"))
    blind = snapshot(*SEEN.resources, gaps=denied)
    found = code_items(blind, catalogue)["5.5"]
    assert found.attestation
    assert (found.status, found.attestation.effect) == (Status.NOT_ASSESSED, Effect.BLIND)
