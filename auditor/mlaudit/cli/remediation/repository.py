"""Files for repositories: offered beside what is done in AWS, and written where the user says."""

from __future__ import annotations

import re
from dataclasses import dataclass
from pathlib import Path

import typer

from mlaudit.audit import Audit, WorkloadAudit
from mlaudit.cli.offered_files import host_of, offered_files
from mlaudit.remediate.checkout import BRANCH, Written, commit_files, write_files
from mlaudit.remediate.plan import Plan
from mlaudit.remediate.plan_file import digest
from mlaudit.remediate.planning import Offer, Offers
from mlaudit_reports.inert import visible

_STRANGE = re.compile(r"[^\w-]+")


@dataclass(frozen=True)
class Repository:
    """Where files go.

    Attributes:
        folder: The folder they are written to; ``None`` for none.
        checkout: The checkout to whose branch they are committed; ``None`` for none.
    """

    folder: Path | None = None
    checkout: Path | None = None

    @property
    def is_wanted(self) -> bool:
        """Whether files are asked for."""
        return self.folder is not None or self.checkout is not None

    def beside(self, offers: Offers, audit: Audit, chosen: int) -> Offers:
        """What is offered, with files for each workload if they are asked for.

        Args:
            offers: What is offered otherwise.
            audit: What was concluded.
            chosen: How many workloads the user names; 0 for all.
        """
        if not self.is_wanted:
            return offers
        host, alone = host_of(self.checkout or self.folder), (chosen or len(audit.workloads)) == 1

        def both(workload: WorkloadAudit, wanted: frozenset[str]) -> Offer:
            below = "" if alone else f"{_STRANGE.sub('_', workload.name)}/"
            offer, own = offers(workload, wanted), offered_files(workload, wanted, host, below)
            return Offer((*offer.steps, *own.steps), offer.people, {**offer.files, **own.files})

        return both

    def write(self, plan: Plan) -> None:
        """Write the files of a plan, and tell what became of them.

        Raises:
            CheckoutError: They cannot be written.
        """
        files = {each.path: plan.files[each.file] for step in plan.ready for each in step.files}
        if not files:
            return
        if self.folder is not None:
            _tell(write_files(self.folder, files), f"to {self.folder}")
        if self.checkout is not None:
            message = (
                "Add files to start from\n\nThey prove nothing until they are filled in. Plan "
                f"{digest(plan)}.\n"
            )
            _tell(commit_files(self.checkout, files, message), f"to branch {BRANCH}")


def _tell(written: Written, where: str) -> None:
    for path in written.written:
        typer.echo(visible(f"Wrote {path} {where}"))
    for path in written.kept:
        typer.echo(visible(f"Left {path} as it is: it was there before"))
