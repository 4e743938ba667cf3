"""What there is to know about each item of the checklist, as Markdown and as data."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from mlaudit.audit import Scope
from mlaudit.catalog import Catalogue, Item
from mlaudit.declarations import LONGEST_DAYS
from mlaudit.footprint import operations_of

_PROVED_BY = {
    "automatic": "AWS APIs",
    "partly": "AWS APIs in part, a person for the rest",
    "person": "a checkout of the code, or a person",
}
_JUDGED_FOR = {
    Scope.WORKLOAD: "each workload",
    Scope.PLATFORM: "each region of the account, for all workloads in it",
}


def entry(item: Item, known: Catalogue) -> dict[str, Any]:
    """One item as data, for other programs."""
    reads = _reads(item, known)
    return {
        "id": item.id,
        "title": item.title,
        "section": item.section,
        "asks": item.asks,
        "proof": item.proof,
        "scope": item.scope.value,
        "numbering": item.numbering,
        "guidance": item.guidance,
        "has_check": item.id in known.checks,
        "floor": item.id in known.floor,
        "any_of": sorted({id_ for group in known.any_of if item.id in group for id_ in group}),
        "maps": {name: list(ids) for name, ids in item.maps.items()},
        "next_step": item.next_step,
        "reads": sorted(reads),
        "iam_actions": sorted({action for actions in reads.values() for action in actions}),
    }


def page(item: Item, known: Catalogue) -> str:
    """All there is to know about an item, as a Markdown page."""
    parts = [
        f"# {item.id} {item.title}",
        item.asks,
        "\n".join(_facts(item, known)),
        *_judgement(item, known),
        *_attesting(item, known),
        *_related(item, known),
    ]
    return "\n\n".join(parts) + "\n"


def _facts(item: Item, known: Catalogue) -> Iterator[str]:
    yield f"- Section: {item.section}. {known.sections[item.section]} ([guidance]({item.guidance}))"
    yield f"- Shown by: {_PROVED_BY[item.proof]}"
    yield f"- Judged for: {_JUDGED_FOR[item.scope]}"
    if item.numbering == "unverified":
        yield "- The guide names this topic; its number there is not known."
    if item.id in known.floor:
        yield "- Must not fail for the streaming gate to open."
    if item.id == known.streaming_item:
        yield "- Is about the streaming gate itself, and left out of its arithmetic."
    for group in known.any_of:
        if item.id in group:
            others = " or ".join(sorted(group - {item.id}))
            yield f"- Covered in the gate score once {others} is complete."


def _judgement(item: Item, known: Catalogue) -> Iterator[str]:
    if item.id not in known.checks:
        yield "No check judges this item yet: it is reported as not assessed."
        return
    yield "## What counts"
    yield known.checks[item.id].rationale
    yield "## How to fix"
    yield item.next_step
    yield "## What is read"
    yield "\n".join(_reading(item, known))


def _reading(item: Item, known: Catalogue) -> Iterator[str]:
    reads = _reads(item, known)
    if not reads:
        yield "A checkout of the code, given with `--repo`; nothing of the account."
        return
    yield "Beside the reads that find the workloads, the verdict may use:"
    yield ""
    for operation, actions in reads.items():
        allowed = ", ".join(f"`{action}`" for action in actions)
        yield f"- `{operation}`" + (f" (IAM: {allowed})" if actions != [operation] else "")


def _reads(item: Item, known: Catalogue) -> Mapping[str, list[str]]:
    """The ids of the reads an item may use, in order, with the IAM actions that allow each."""
    check = known.checks.get(item.id)
    found: dict[str, set[str]] = {}
    for each in operations_of(check) if check else ():
        found.setdefault(each.id, set()).add(each.iam_action)
    return {id_: sorted(actions) for id_, actions in sorted(found.items())}


def _attesting(item: Item, known: Catalogue) -> Iterator[str]:
    yield "## How to attest"
    if item.id == known.streaming_item:
        yield "It cannot be attested: the gate decides it."
        return
    yield (
        "A person's word counts where nothing that was read can tell, holds at most "
        f"{LONGEST_DAYS} days, and never lifts what was seen to fail:\n\n"
        "```console\n"
        f"$ mlaudit attest {item.id} --workload NAME --who you@example.com \\\n"
        '    --link https://wiki.example.com/evidence --statement "What is done."\n'
        "```"
    )


def _related(item: Item, known: Catalogue) -> Iterator[str]:
    titles = {each.id: each for each in known.frameworks}
    if item.maps:
        yield "## Related in other frameworks"
        yield "\n".join(
            f"- {titles[name].title} (as of {titles[name].as_of}): {', '.join(ids)}"
            for name, ids in item.maps.items()
        )
