"""What declarations and gates must keep to, beyond their shape."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import timedelta
from difflib import get_close_matches

from mlaudit.catalog import Catalogue
from mlaudit.config.document import AttestationEntry, Document, NotApplicableEntry
from mlaudit.config.places import Location
from mlaudit.declarations import EVERY_WORKLOAD, LONGEST_DAYS
from mlaudit.thresholds import DEFAULT_CAP_PERCENT

_KINDS = ("attestations", "not_applicable", "exceptions")


@dataclass(frozen=True, slots=True)
class Problem:
    """What is wrong, and where."""

    location: Location
    says: str


def problems(document: Document, known: Catalogue) -> Iterator[Problem]:
    """Everything wrong with the declarations, in the order of the file's keys."""
    for kind in _KINDS:
        for number, entry in enumerate(getattr(document, kind)):
            wrong = unknown_item(entry.item, known)
            if wrong:
                yield Problem((kind, number, "item"), wrong)
    for number, word in enumerate(document.attestations):
        yield from _of_attestation(("attestations", number), word, known)
    for number, exempt in enumerate(document.not_applicable):
        yield from _of_exemption(("not_applicable", number), exempt, known)
    yield from _repeated(document)


def of_gates(document: Document) -> Iterator[Problem]:
    """Everything wrong with what the gates are to be decided by."""
    gates = document.gates
    if gates.not_applicable_cap > DEFAULT_CAP_PERCENT and not gates.approved_by:
        yield Problem(
            ("gates", "not_applicable_cap"),
            f"More than {DEFAULT_CAP_PERCENT} % needs gates.approved_by, the name of who allows it",
        )


def unknown_item(item: str, known: Catalogue) -> str | None:
    """What to say of an id that is not in the catalogue; names those that are most like it."""
    ids = [each.id for each in known.items]
    if item in ids:
        return None
    near = get_close_matches(item, ids, n=3, cutoff=0.0)
    return f"There is no item {item!r}; the nearest are {', '.join(near)}"


def _of_attestation(at: Location, word: AttestationEntry, known: Catalogue) -> Iterator[Problem]:
    if word.item == known.streaming_item:
        yield Problem((*at, "item"), "The streaming item is decided by its gate, never attested")
    if word.expires < word.when:
        yield Problem((*at, "expires"), "It expires before it begins")
    if word.expires - word.when > timedelta(days=LONGEST_DAYS):
        latest = word.when + timedelta(days=LONGEST_DAYS)
        yield Problem((*at, "expires"), f"At most {LONGEST_DAYS} days, so {latest} at the latest")


def _of_exemption(at: Location, exempt: NotApplicableEntry, known: Catalogue) -> Iterator[Problem]:
    if exempt.item == known.streaming_item or exempt.item in known.floor:
        yield Problem(
            (*at, "item"),
            f"Item {exempt.item} guards the streaming gate and always applies",
        )


def _repeated(document: Document) -> Iterator[Problem]:
    """Declarations of one kind about the same item, and words that say both done and exempt."""
    firsts: dict[tuple[str, str, str], str] = {}
    for kind in _KINDS:
        about = "exceptions" if kind == "exceptions" else "words"
        for number, entry in enumerate(getattr(document, kind)):
            key = (about, entry.item, entry.workload)
            if key in firsts:
                whose = "every workload" if entry.workload == EVERY_WORKLOAD else entry.workload
                yield Problem(
                    (kind, number, "item"),
                    f"Item {entry.item} of {whose} is already declared in {firsts[key]}",
                )
            firsts.setdefault(key, f"{kind}.{number}")
