"""Run all collectors in all regions, each as soon as what it needs is there."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from concurrent.futures import FIRST_COMPLETED, Executor, Future, ThreadPoolExecutor, wait
from dataclasses import dataclass
from datetime import datetime
from graphlib import TopologicalSorter

from mlaudit import __version__
from mlaudit.collect.collector import Collector, Kind
from mlaudit.collect.plan import collectors
from mlaudit.collect.reader import MISREAD, Api, Ledger, Reader, UnseenError
from mlaudit.model import Window
from mlaudit.resources import Resource
from mlaudit.snapshot import Calls, Snapshot, SnapshotScope, snapshot_of

DEFAULT_BUDGET = 50_000
_READING = 16

Progress = Callable[[int, int], None]
"""Told how many of all reading tasks are done."""

Task = tuple[str, str]
"""A region and a collector's name."""


@dataclass(frozen=True)
class Request:
    """What to read.

    Attributes:
        account: The account number.
        caller: The ARN that reads.
        regions: The regions to read.
        started_at: Now (UTC).
        window_days: Length of the evidence window in days.
        tag_keys: The tag keys that name a workload.
        budget: How many calls may be made.
        in_flight: How many calls may be under way at a time.
    """

    account: str
    caller: str
    regions: tuple[str, ...]
    started_at: datetime
    window_days: int
    tag_keys: tuple[str, ...]
    budget: int = DEFAULT_BUDGET
    in_flight: int = 24


def collect(api: Api, request: Request, progress: Progress | None = None) -> Snapshot:
    """Read an account. A read that fails leaves a gap; nothing that was read is lost."""
    ledger = Ledger(request.budget)
    found: dict[Task, list[Resource]] = {}
    pool, tasks = ThreadPoolExecutor(request.in_flight), ThreadPoolExecutor(_READING)
    try:
        for task, resources in _run(api, request, ledger, (pool, tasks), found):
            found[task] = resources
            if progress:
                progress(len(found), len(collectors()) * len(set(request.regions)))
    finally:
        # An interrupt must not wait for thousands of calls that nobody will look at.
        tasks.shutdown(wait=False, cancel_futures=True)
        pool.shutdown(cancel_futures=True)
        tasks.shutdown()
    resources_by_task = (found[task] for task in sorted(found))
    return snapshot_of(
        _scope(request, ledger, found),
        (each for some in resources_by_task for each in some),
        ledger.gaps,
    )


def _run(
    api: Api,
    request: Request,
    ledger: Ledger,
    pools: tuple[Executor, Executor],
    found: dict[Task, list[Resource]],
) -> Iterator[tuple[Task, list[Resource]]]:
    """Yield each task with what it found, in the order they end."""
    pool, tasks = pools
    window = Window(request.started_at, request.window_days)
    by_name = {each.name: each for each in collectors()}
    order = TopologicalSorter(_dependencies(by_name.values(), request.regions))
    order.prepare()
    running: dict[Future[list[Resource]], Task] = {}
    while order.is_active():
        for region, name in order.get_ready():
            reader = Reader(
                api, region, window, ledger, pool, request.tag_keys, by_name[name].uses[0]
            )
            needed = [_needed(kind, region, found) for kind in by_name[name].needs]
            running[tasks.submit(_drain, by_name[name], reader, needed)] = (region, name)
        for future in wait(running, return_when=FIRST_COMPLETED).done:
            task = running.pop(future)
            yield task, future.result()
            order.done(task)


def _dependencies(every: Iterable[Collector], regions: Sequence[str]) -> dict[Task, set[Task]]:
    every = tuple(every)
    makers: dict[Kind, list[str]] = {}
    for each in every:
        for kind in each.yields:
            makers.setdefault(kind, []).append(each.name)
    return {
        (region, each.name): {(region, name) for kind in each.needs for name in makers[kind]}
        for region in regions
        for each in every
    }


def _needed(kind: Kind, region: str, found: dict[Task, list[Resource]]) -> list[Resource]:
    return [
        each
        for where, maker in sorted(found)
        if where == region
        for each in found[where, maker]
        if isinstance(each, kind)
    ]


def _drain(
    collector: Collector, reader: Reader, needed: Sequence[Sequence[Resource]]
) -> list[Resource]:
    found: list[Resource] = []
    try:
        for resource in collector.run(reader, *needed):
            found.append(resource)  # noqa: PERF402 - what came before a failure is kept
    except UnseenError as unseen:
        reader.ledger.keep(unseen.gap)
    except MISREAD as error:
        reader.ledger.keep(reader.misread(error).gap)
    return found


def _scope(request: Request, ledger: Ledger, found: Iterable[Task]) -> SnapshotScope:
    return SnapshotScope(
        account=request.account,
        caller=request.caller,
        regions=request.regions,
        started_at=request.started_at,
        window_days=request.window_days,
        tag_keys=request.tag_keys,
        tool_version=__version__,
        collected=tuple(sorted(f"{region}/{name}" for region, name in found)),
        calls=tuple(
            Calls(operation, region, made, ledger.failures[operation, region])
            for (operation, region), made in sorted(ledger.calls.items())
        ),
    )
