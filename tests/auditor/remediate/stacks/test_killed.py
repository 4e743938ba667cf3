"""A process that is killed leaves a journal that is completed by looking, or taken back."""

import os
import signal
import subprocess
import sys
from pathlib import Path
from typing import Any

import pytest

from mlaudit.remediate.journal import Journal
from mlaudit.remediate.stacks import Fate, settled, undone

pytestmark = pytest.mark.slow

PROGRAM = Path(__file__).with_name("killed.py")
LOGS = "Resources: {L: {Type: AWS::Logs::LogGroup, Properties: {RetentionInDays: 7}}}"
FAILING = (
    "Resources: {L: {Type: AWS::Logs::LogGroup}, B: {Type: AWS::SSM::Parameter, DependsOn: L, "
    "Properties: {Name: aws-bad, Type: String, Value: x}}}"
)
SHOWN, BEGUN = "demo: make L", "demo: L (AWS::Logs::LogGroup) made"


def journal_of_killed(bench: Any, template: str, line: str) -> Journal:
    """Let a process deploy, and die when it tells a line; its journal."""
    folder = bench.journal.folder
    account = bench.account
    done = subprocess.run(
        [sys.executable, PROGRAM, account.endpoint_url, folder, template, line],
        env={**os.environ, "KEY": account.access_key, "SECRET": account.secret_key},
        check=False,
        capture_output=True,
        timeout=120,
    )
    assert done.returncode == -signal.SIGKILL, done.stderr.decode()
    journal = Journal(folder)
    assert journal.outcome(1) is None
    return journal


@pytest.mark.parametrize(
    ("template", "line", "outcome", "status"),
    [
        (LOGS, SHOWN, "failed", ""),
        (LOGS, BEGUN, "did", "CREATE_COMPLETE"),
        (FAILING, BEGUN, "failed", ""),
    ],
)
def test_a_second_look_completes_the_journal(
    bench: Any, template: str, line: str, outcome: str, status: str
) -> None:
    journal = journal_of_killed(bench, template, line)
    settled(journal.intents[0], bench.site, journal)
    found = journal.outcome(1)
    assert found is not None
    assert (found.type, bench.status()) == (outcome, status)


@pytest.mark.parametrize("line", [SHOWN, BEGUN])
def test_what_was_killed_is_taken_back(bench: Any, line: str) -> None:
    journal = journal_of_killed(bench, LOGS, line)
    fate = undone(journal.intents[0], bench.site, journal).fate
    assert fate is (Fate.UNDONE if line == BEGUN else Fate.WAS_SO)
    assert (bench.status(), bench.log_groups()) == ("", [])
