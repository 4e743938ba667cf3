"""Files for repositories are offered when they are asked for, and written where the user says."""

from __future__ import annotations

import subprocess
from dataclasses import replace
from pathlib import Path
from shutil import which

import pytest

from mlaudit.audit import Audit
from mlaudit.catalog import catalogue
from mlaudit.cli.remediation.drafting import Drafted
from mlaudit.cli.remediation.repository import Repository
from mlaudit.judge import Settings, judge
from mlaudit.model import Status
from mlaudit.remediate.checkout import BRANCH
from mlaudit.remediate.comparison import Prediction
from mlaudit.remediate.fix import Kind
from mlaudit.remediate.goal import Goal
from mlaudit.remediate.plan import Plan
from mlaudit.remediate.planning import Means, Offer, Offers, Planner, Wish
from mlaudit.remediate.pricing import bill_of
from mlaudit.testing import serving, snapshot

SEEN = snapshot(
    *serving("f", endpoint={"tags": {"mlaudit:workload": "fraud"}}),
    *serving("c", endpoint={"tags": {"mlaudit:workload": "churn & more"}}),
)


def nothing(_workload: object, _wanted: object) -> Offer:
    return Offer()


@pytest.fixture(scope="module")
def audit() -> Audit:
    return judge(SEEN, catalogue())


def planned(audit: Audit, offers: Offers, *workloads: str) -> Plan:
    goal = Goal(workloads, items=("5.1", "7.3"))
    means = Means((), {}, bill_of, offers)
    return Planner(audit, SEEN, Settings(), Wish(goal), means).plan()


def paths(plan: Plan) -> set[str]:
    return {each.path for step in plan.steps for each in step.files}


def test_no_files_are_offered_unless_they_are_asked_for(audit: Audit) -> None:
    assert Repository().beside(nothing, audit, 1) is nothing


def test_the_files_of_one_workload_lie_at_the_top(audit: Audit, tmp_path: Path) -> None:
    offers = Repository(tmp_path).beside(nothing, audit, 1)
    plan = planned(audit, offers, "fraud")
    assert paths(plan) == {".pre-commit-config.yaml", "docs/to-fill-in/rollback.md", "mlaudit.yaml"}
    assert {each.kind for each in plan.steps} == {Kind.FILES}


def test_the_files_of_several_lie_in_a_folder_each(audit: Audit, tmp_path: Path) -> None:
    plan = planned(audit, Repository(tmp_path).beside(nothing, audit, 0))
    assert {each.split("/")[0] for each in paths(plan)} == {"fraud", "churn_more"}


def test_they_are_written_and_what_is_there_is_left(
    audit: Audit, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    repository = Repository(tmp_path)
    plan = planned(audit, repository.beside(nothing, audit, 1), "fraud")
    (tmp_path / "mlaudit.yaml").write_text("# mine\n")
    repository.write(plan)
    assert (tmp_path / "mlaudit.yaml").read_text() == "# mine\n"
    assert (tmp_path / ".pre-commit-config.yaml").is_file()
    told = capsys.readouterr().out
    assert "Left mlaudit.yaml as it is" in told
    assert "Wrote .pre-commit-config.yaml" in told


def test_they_are_committed_to_a_branch_of_a_checkout(audit: Audit, tmp_path: Path) -> None:
    git = [str(which("git")), "-C", str(tmp_path)]
    subprocess.run([*git, "init", "--quiet"], check=True)
    repository = Repository(checkout=tmp_path)
    plan = planned(audit, repository.beside(nothing, audit, 1), "fraud")
    repository.write(plan)
    listed = subprocess.run(
        [*git, "ls-tree", "-r", "--name-only", BRANCH], check=True, capture_output=True, text=True
    )
    assert set(listed.stdout.split()) == paths(plan)
    assert [each.name for each in tmp_path.iterdir()] == [".git"]


def test_a_plan_without_files_writes_nothing(audit: Audit, tmp_path: Path) -> None:
    Repository(tmp_path / "new").write(planned(audit, nothing, "fraud"))
    assert not (tmp_path / "new").exists()


def test_what_waits_is_not_written(audit: Audit, tmp_path: Path) -> None:
    repository = Repository(tmp_path / "new")
    plan = planned(audit, repository.beside(nothing, audit, 1), "fraud")
    steps = tuple(replace(each, waits="something") for each in plan.steps)
    repository.write(replace(plan, steps=steps))
    assert not (tmp_path / "new").exists()


def test_a_plan_tells_which_items_the_rehearsal_foresees_otherwise(audit: Audit) -> None:
    plan = planned(audit, nothing, "fraud")
    same = Prediction("fraud", "eu-west-1", "1.1", Status.FAIL, Status.FAIL, "more is said")
    worse = Prediction("fraud", "eu-west-1", "4.10", Status.PASS, Status.FAIL, "it is fixed")
    gone = Prediction("fraud", "eu-west-1", "4.5", Status.PASS, None, "it is gone")
    found = Drafted(plan, audit, SEEN, (same, worse, gone), ("answers",)).report
    assert found.foreseen is not None
    assert [(each.item, each.now, each.then, each.is_worse) for each in found.foreseen] == [
        ("4.10", "pass", "fail", True),
        ("4.5", "pass", "not there", False),
    ]
    assert found.limits == ("answers",)
    assert Drafted(plan, audit, SEEN).report.foreseen is None
