"""Files to start from, as steps of a plan: nothing of AWS, and nothing that is promised."""

from __future__ import annotations

from pathlib import Path

from mlaudit.audit import WorkloadAudit
from mlaudit.remediate.bill import Bill
from mlaudit.remediate.fix import Disposition, Kind
from mlaudit.remediate.plan import FileChange, Step
from mlaudit.remediate.planning import Offer
from mlaudit_reference.starters import Host, Offered, starters

_BACK = "Delete the files; what was there before was left as it was."
_TOLD_BY = {
    ".gitlab-ci.yml": Host.GITLAB,
    "Jenkinsfile": Host.JENKINS,
    "buildspec.yml": Host.CODEBUILD,
}
"""Files that tell by whom a repository is checked."""


def host_of(checkout: Path | None) -> Host:
    """By whom a repository is checked, as far as its files tell; GitHub where they do not."""
    if checkout is not None and not (checkout / ".github").is_dir():
        for name, host in _TOLD_BY.items():
            if (checkout / name).is_file():
                return host
    return Host.GITHUB


def offered_files(
    workload: WorkloadAudit, wanted: frozenset[str], host: Host, below: str = ""
) -> Offer:
    """The files that help a workload.

    Args:
        workload: The workload.
        wanted: The ids of the items that are to pass.
        host: Where its repository is checked.
        below: A folder for them, ending in ``/``, where those of several workloads go together.
    """
    found = starters(wanted, host, workload.name)
    contents = {
        _file(workload, path): text for each in found for path, text in each.contents.items()
    }
    return Offer(tuple(_step(each, workload, below) for each in found), (), contents)


def _step(offered: Offered, workload: WorkloadAudit, below: str) -> Step:
    starter = offered.starter
    about = {each.path: each.about for each in starter.files}
    return Step(
        id="",
        fix=starter.id,
        kind=Kind.FILES,
        title=starter.title,
        workload=workload.name,
        items=offered.items,
        disposition=Disposition(starter.disposition),
        risk=starter.risk,
        back=_BACK,
        not_proven=starter.not_proven,
        exercise=starter.exercise,
        effort=starter.effort,
        bill=Bill(),
        files=tuple(
            FileChange(f"{below}{path}", _file(workload, path), about[path])
            for path in offered.contents
        ),
    )


def _file(workload: WorkloadAudit, path: str) -> str:
    return f"files/{workload.region}/{workload.name}/{path}"
