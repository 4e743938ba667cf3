"""Where a remediation takes place: the account, how it is read, and where its runs are kept."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field, replace
from datetime import UTC, datetime
from pathlib import Path

from rich.console import Console

from mlaudit.audit import Audit
from mlaudit.cli.output import judged
from mlaudit.cli.scanning import Options, scanned
from mlaudit.collect.session import Access
from mlaudit.config import Config
from mlaudit.judge import Settings
from mlaudit.probe import checkouts, with_checkouts
from mlaudit.remediate.hands import Declared, Hands, open_hands
from mlaudit.remediate.waiting import Patience
from mlaudit.remediate.workplace import Tell
from mlaudit.snapshot import Snapshot, read_snapshot


def _now() -> datetime:
    return datetime.now(UTC)


@dataclass(frozen=True)
class Scene:
    """Where a remediation takes place.

    Attributes:
        reading: What is read, as the options of scans say it.
        access: How to get into the account.
        config: What the team decides and declares.
        state: The folder that runs are kept in.
        emulated: Whether it is an emulated account, so that nothing can be lost.
        now: Tells the present, in UTC.
        patience: How AWS is waited for.
        role_arn: The role that CloudFormation takes on; ``None`` for the rights of the caller.
    """

    reading: Options
    access: Access
    config: Config
    state: Path
    emulated: bool = False
    now: Callable[[], datetime] = _now
    patience: Patience = field(default_factory=Patience)
    role_arn: str | None = None

    @property
    def settings(self) -> Settings:
        """How snapshots are judged."""
        config = self.config
        return Settings(config.tag_keys, config.workloads, config.declarations, config.rules)

    @property
    def is_offline(self) -> bool:
        """Whether a snapshot is read instead of the account."""
        return self.reading.replay is not None

    def scan(self) -> Snapshot:
        """Read the account, and the checkouts that the user gives.

        Raises:
            MlauditError: The account cannot be opened.
        """
        if self.reading.replay:
            seen = read_snapshot(self.reading.replay)
        else:
            seen = scanned(self.reading, self.access, self.config, self.now())
        return with_checkouts(seen, checkouts(self.reading.repositories))

    def judge(self, seen: Snapshot) -> Audit:
        """Judge what was read."""
        return judged(seen, self.config)

    def hands(self, declared: Declared, account: str) -> Hands:
        """Open the account for exactly what is declared.

        Args:
            declared: The operations.
            account: The account that a plan is about: no other one is opened.

        Raises:
            AccountError: There are no working credentials, or they are of another account.
        """
        return open_hands(replace(self.access, account=account), declared)


@contextmanager
def telling(*, quiet: bool) -> Iterator[Tell]:
    """Lines on stderr as things happen; where somebody watches, what repeats takes one line."""
    console = Console(stderr=True, highlight=False)
    if quiet:
        yield lambda _line: None
        return
    if not console.is_terminal:
        yield lambda line: console.print(line, markup=False, soft_wrap=True)
        return
    status = console.status("")

    def tell(line: str) -> None:
        if line.startswith("calling ") or line.endswith(" min)"):
            status.update(line.replace("[", r"\["))
            status.start()
        else:
            status.stop()  # also before a question, which must not be written over
            console.print(line, markup=False, soft_wrap=True)

    try:
        yield tell
    finally:
        status.stop()
