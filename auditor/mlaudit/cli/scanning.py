"""What ``mlaudit scan`` does once its options are parsed."""

from __future__ import annotations

import re
from contextlib import ExitStack
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from mlaudit.cli.output import Delivery, deliver
from mlaudit.cli.progress import progress
from mlaudit.collect.plan import declared_operations
from mlaudit.collect.run import Request, collect
from mlaudit.collect.session import Access, open_account
from mlaudit.config import Config, load_config
from mlaudit.errors import MlauditError
from mlaudit.probe import checkouts, with_checkouts
from mlaudit.snapshot import Snapshot, read_snapshot, write_snapshot

if TYPE_CHECKING:
    from mlaudit.emulator import Scenario

MAX_CALLS = 50_000
"""How many API calls a scan makes at most."""

_ACCOUNT = re.compile(r"\d{12}", re.ASCII)
_REGION = re.compile(r"[a-z]{2,}(-[a-z]+)+-\d+")


@dataclass(frozen=True)
class Options:
    """The options of the commands that read an account, as given."""

    account: str | None = None
    regions: tuple[str, ...] = ()
    profile: str | None = None
    role_name: str | None = None
    role_arn: str | None = None
    external_id: str | None = None
    endpoint_url: str | None = None
    window: int | None = None
    formats: tuple[str, ...] = ()
    out: str = "out"
    snapshot: Path | None = None
    replay: Path | None = None
    repositories: tuple[str, ...] = ()
    config: Path | None = None
    max_calls: int = MAX_CALLS
    demo: bool = False
    scenario: str | None = None
    quiet: bool = False
    since: Path | None = None


def run(options: Options) -> None:
    """Read or replay, write the snapshot if asked, judge and deliver.

    Raises:
        MlauditError: An option cannot be worked with, or the account cannot be opened.
    """
    delivery = Delivery.of(options.formats, options.out, quiet=options.quiet, since=options.since)
    seen, config = read(options)
    if options.snapshot:
        write_snapshot(seen, options.snapshot)
    deliver(seen, config, delivery)


def read(options: Options) -> tuple[Snapshot, Config]:
    """Read or replay, with the configuration that goes with it.

    Raises:
        MlauditError: An option cannot be worked with, or the account cannot be opened.
    """
    check(options)
    with ExitStack() as running:
        scenario = _scenario(options)
        if scenario:
            options = _with_companions(options, scenario, running)
        config = load_config(options.config)
        given = checkouts(options.repositories)
        return with_checkouts(_see(options, config, scenario, running), given), config


def _scenario(options: Options) -> Scenario | None:
    if not (options.demo or options.scenario):
        return None
    from mlaudit.emulator import load_scenario  # noqa: PLC0415 - an extra

    return load_scenario(options.scenario or "demo")


def _with_companions(options: Options, scenario: Scenario, running: ExitStack) -> Options:
    """Take the configuration and the checkouts of the scenario where the user gives none."""
    from mlaudit.emulator import companions  # noqa: PLC0415 - an extra

    brought = running.enter_context(companions(scenario, datetime.now(UTC)))
    config = None if options.config else brought.config
    repositories = () if options.repositories else brought.repositories
    told = ["its configuration"] if config else []
    told += [f"its checkout of {each.partition('=')[0]}" for each in repositories]
    if told and not options.quiet:
        typer.echo(f"Scenario {scenario.name} brings {', '.join(told)}.", err=True)
    return replace(
        options,
        config=options.config or config,
        repositories=options.repositories or repositories,
    )


def check(options: Options) -> None:
    """Refuse what cannot work before anything is read.

    Raises:
        MlauditError: An option cannot be worked with.
    """
    live = options.demo or options.scenario
    role = options.role_arn
    bad_regions = [each for each in options.regions if not _REGION.fullmatch(each)]
    problems = (
        (options.replay and live, "--from replays a file and --demo reads an account: give one."),
        (
            options.account is not None and not _ACCOUNT.fullmatch(options.account),
            f"--account takes the twelve digits of an AWS account, not {options.account!r}.",
        ),
        (options.role_name and role, "--role-name and --role-arn name the same thing: give one."),
        (role and not role.startswith("arn:"), f"--role-arn takes an ARN, not {role!r}."),
        (bad_regions, f"--region takes a region such as eu-west-1, not {' '.join(bad_regions)!r}."),
        (
            options.window is not None and options.window < 1,
            f"--window must be at least 1 day, not {options.window}.",
        ),
        (options.max_calls < 1, f"--max-calls must be at least 1, not {options.max_calls}."),
    )
    for wrong, message in problems:
        if wrong:
            raise MlauditError(message)


def _see(
    options: Options, config: Config, scenario: Scenario | None, running: ExitStack
) -> Snapshot:
    if options.replay:
        return read_snapshot(options.replay)
    access = access_of(options)
    if scenario is None:
        return scanned(options, access, config)
    from mlaudit.emulator import emulated_account  # noqa: PLC0415 - an extra

    with progress("Starting the emulated account", quiet=options.quiet):
        emulated = running.enter_context(emulated_account(scenario))
    access = replace(
        access,
        account=access.account or emulated.account,
        endpoint_url=emulated.endpoint_url,
        keys=(emulated.access_key, emulated.secret_key),
    )
    regions = options.regions or (emulated.region,)
    return scanned(replace(options, regions=regions), access, config)


def access_of(options: Options) -> Access:
    """How to get into the account that the options name."""
    return Access(
        account=options.account,
        profile=options.profile,
        role=options.role_arn or options.role_name,
        external_id=options.external_id,
        endpoint_url=options.endpoint_url,
    )


def scanned(
    options: Options, access: Access, config: Config, now: datetime | None = None
) -> Snapshot:
    """Read an account.

    Args:
        options: What to read.
        access: How to get in.
        config: How long the evidence window is, and which tags name a workload.
        now: The present, where it is not that of the clock.

    Raises:
        MlauditError: The account cannot be opened, or there is no region to read.
    """
    opened = open_account(access, declared_operations())
    regions = tuple(dict.fromkeys(options.regions)) or opened.regions
    if not regions:
        raise MlauditError("No region to read. Name one with --region, or set AWS_REGION.")
    request = Request(
        account=opened.account,
        caller=opened.caller,
        regions=regions,
        started_at=now or datetime.now(UTC),
        window_days=options.window or config.window_days,
        tag_keys=config.tag_keys,
        budget=options.max_calls,
    )
    with progress(f"Reading account {opened.account}", quiet=options.quiet) as tell:
        return collect(opened.api, request, tell)
