"""Files to start from become steps that cost nothing and change nothing of AWS."""

from __future__ import annotations

from pathlib import Path

import pytest

from mlaudit.audit import WorkloadAudit
from mlaudit.catalog import catalogue
from mlaudit.cli.offered_files import host_of, offered_files
from mlaudit.judge import judge
from mlaudit.remediate.bill import Bill
from mlaudit.remediate.fix import Kind
from mlaudit.testing import serving, snapshot
from mlaudit_reference.starters import Host


@pytest.fixture
def workload() -> WorkloadAudit:
    tagged = serving("f", endpoint={"tags": {"mlaudit:workload": "fraud"}})
    return judge(snapshot(*tagged), catalogue()).workloads[0]


def test_a_step_names_its_files_and_what_they_do_not_prove(workload: WorkloadAudit) -> None:
    offer = offered_files(workload, frozenset({"5.5", "7.3"}), Host.JENKINS)
    assert [each.fix for each in offer.steps] == ["ci", "tests", "runbook-rollback", "attestations"]
    for each in offer.steps:
        assert each.kind is Kind.FILES
        assert each.bill == Bill()
        assert (each.changes, each.pinned, each.stack) == ((), (), None)
        assert each.not_proven.startswith("A file proves nothing")
        assert set(each.items) <= {"5.5", "7.3"}
        assert all(file.about for file in each.files)
    named = {file.file for each in offer.steps for file in each.files}
    assert named == offer.files.keys()
    assert "Jenkinsfile" in {file.path for each in offer.steps for file in each.files}


def test_several_workloads_have_a_folder_each(workload: WorkloadAudit) -> None:
    offer = offered_files(workload, frozenset({"5.1"}), Host.GITHUB, "fraud/")
    assert [file.path for each in offer.steps for file in each.files] == [
        "fraud/.pre-commit-config.yaml",
        "fraud/mlaudit.yaml",
    ]


def test_nothing_that_helps_is_nothing_offered(workload: WorkloadAudit) -> None:
    offer = offered_files(workload, frozenset({"4.1"}), Host.GITHUB)
    assert (offer.steps, offer.files) == ((), {})


@pytest.mark.parametrize(
    ("there", "host"),
    [
        ((), Host.GITHUB),
        (("Jenkinsfile",), Host.JENKINS),
        ((".gitlab-ci.yml",), Host.GITLAB),
        (("buildspec.yml",), Host.CODEBUILD),
        ((".github/workflows/a.yml", "Jenkinsfile"), Host.GITHUB),
    ],
)
def test_files_tell_the_host(there: tuple[str, ...], host: Host, tmp_path: Path) -> None:
    for each in there:
        (tmp_path / each).parent.mkdir(parents=True, exist_ok=True)
        (tmp_path / each).write_text("")
    assert host_of(tmp_path) is host
    assert host_of(None) is Host.GITHUB
