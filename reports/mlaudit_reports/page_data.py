"""The data that the HTML page carries: a small index of all, and packed details of each part.

Every text of an account passes :func:`visible` here; the page shows it as text and never as markup.
"""

import base64
import gzip
import hashlib
import json
from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import Any
from urllib.parse import quote

from mlaudit.audit import Audit, WorkloadAudit
from mlaudit.beyond import ExtendedResult
from mlaudit.model import Status
from mlaudit_reports import beyond, grouping, words
from mlaudit_reports.inert import visible
from mlaudit_reports.page_rows import addresses, rows
from mlaudit_reports.page_workload import Parts, detail, scores, share

LETTERS: Mapping[Status, str] = {
    Status.PASS: "p",
    Status.PARTIAL: "h",
    Status.FAIL: "f",
    Status.NOT_APPLICABLE: "n",
    Status.NOT_ASSESSED: "u",
}
"""A status as the one letter of it in the index; what was not judged is a dash."""

_LONGEST_ANCHOR = 200
_PLATFORM = "/platform"


def plain(data: Any) -> str:
    """Write data into a page so that nothing in it can end the element that it stands in."""
    text = json.dumps(data, ensure_ascii=True, separators=(",", ":"))
    return text.replace("&", "\\u0026").replace("<", "\\u003c").replace(">", "\\u003e")


def packed(data: Any) -> str:
    """Write data small: expanded by the page when somebody opens it."""
    text = json.dumps(data, ensure_ascii=False, separators=(",", ":"))
    return base64.b64encode(gzip.compress(text.encode(), 6, mtime=0)).decode()


def anchors(audit: Audit) -> list[str]:
    """Give every workload an address of its own: its name, with the region if another has it too.

    The names are percent-encoded, which keeps them apart from the addresses of our own sections:
    those begin with a slash.
    """
    names = Counter(workload.name for workload in audit.workloads)
    return [_anchor(each, several=names[each.name] > 1) for each in audit.workloads]


def _anchor(workload: WorkloadAudit, *, several: bool) -> str:
    name = quote(workload.name, safe="", errors="surrogatepass")
    if len(name) > _LONGEST_ANCHOR:
        name = hashlib.sha256(name.encode()).hexdigest()
    return f"{name}@{quote(workload.region, safe='')}" if several else name


def index(audit: Audit) -> Parts:
    """All that the page needs to list, filter and colour every workload before any is opened."""
    items = [text.id for text in audit.catalogue]
    more = [text.id for text in audit.extended_catalogue]
    return {
        "words": {
            "status": {each: [words.SYMBOL[each], word] for each, word in words.STATUS.items()},
            "fact": {each: beyond.FACT[each] for each in words.STATUS},
            "outcome": words.OUTCOME,
            "letters": {letter: status for status, letter in LETTERS.items()},
        },
        "several": len(audit.regions) > 1,
        "compared": any(each.trend for each in audit.workloads),
        "sections": [[each.number, visible(each.title)] for each in audit.sections],
        "items": [
            [visible(each.id), visible(each.title), each.section] for each in audit.catalogue
        ],
        "extended": [[visible(each.id), visible(each.title)] for each in audit.extended_catalogue],
        "groups": _groups(audit),
        "workloads": [
            [
                anchor,
                visible(each.name),
                visible(each.region),
                [share(score) for score in scores(each)],
                visible(each.levels[0].reached) if each.levels else "",
                _outcome(each),
                _letters(each.items, items),
                [share(score.share) for score in each.sections],
                _letters(beyond_it, more),
                _trend(each),
            ]
            for anchor, each, beyond_it in zip(
                anchors(audit), audit.workloads, _own(audit), strict=True
            )
        ],
    }


def _trend(workload: WorkloadAudit) -> tuple[str, int]:
    """What changed, and how many more items became better than worse."""
    found = workload.trend
    change = len(found.better) - len(found.worse) if found else 0
    return visible(words.trend(found)), change


def _groups(audit: Audit) -> list[Parts]:
    tables = beyond.practices(audit)
    return [
        {
            "id": visible(table.group.id),
            "title": visible(table.group.title),
            "source": visible(table.group.source),
            "practices": [[visible(each.id), visible(each.title)] for each in table.practices],
        }
        for table in tables
    ]


def _letters(results: Iterable[Any], ids: Iterable[str]) -> str:
    letters = {each.id: LETTERS[each.status] for each in results}
    return "".join(letters.get(each, "-") for each in ids)


def _outcome(workload: WorkloadAudit) -> str:
    gate = workload.gates.get(grouping.STREAMING)
    return gate.outcome.value if gate else ""


def texts(audit: Audit) -> Parts:
    """What the catalogues say of each item, once for all workloads."""
    told = {each.id: _text(each) for each in audit.extended_catalogue}
    told |= {each.id: {**_text(each), "Guidance": each.guidance} for each in audit.catalogue}
    return {
        visible(id_): {name: visible(text, 2000) for name, text in text.items() if text}
        for id_, text in told.items()
    }


def _text(text: Any) -> dict[str, str]:
    return {"Asks": text.asks, "Counts": text.counts, "Next step": text.next_step}


def details(audit: Audit) -> Iterable[Parts]:
    """All of each workload, in the order of the index."""
    for anchor, each, more in zip(anchors(audit), audit.workloads, _own(audit), strict=True):
        yield detail(each, audit, anchor, more)


def _own(audit: Audit) -> list[list[ExtendedResult]]:
    """What was judged beyond the checklist of each workload, in the order of the workloads."""
    found: dict[tuple[str | None, str], list[ExtendedResult]] = {}
    for each in audit.extended:
        found.setdefault((each.workload, each.region), []).append(each)
    return [found.get((each.name, each.region), []) for each in audit.workloads]


def _in_regions(audit: Audit) -> dict[str, list[ExtendedResult]]:
    """The rest of it, by region: of no workload, or of one that is not there."""
    there = {(each.name, each.region) for each in audit.workloads}
    found: dict[str, list[ExtendedResult]] = {each.region: [] for each in audit.platform.items}
    for each in audit.extended:
        if (each.workload, each.region) not in there:
            found.setdefault(each.region, []).append(each)
    return found


def platform(audit: Audit) -> list[Parts]:
    """What belongs to no workload, by region: items of the platform, and what is beyond them."""
    return [
        {
            "name": visible(region),
            "items": rows(
                [each.item for each in audit.platform.items if each.region == region],
                _in_region(region),
            ),
            "more": rows(more, _in_region(region)),
        }
        for region, more in _in_regions(audit).items()
    ]


def _in_region(region: str) -> str:
    return f"{_PLATFORM}/{quote(region, safe='', errors='surrogatepass')}"


def beyond_all(audit: Audit) -> Parts:
    """What was judged beyond the checklist in all workloads, the worst first, with its address."""
    seen, where = beyond.grouped(audit), dict(_addressed(audit))
    return {
        "found": [_short(each, audit, where) for each in (*seen.found, *seen.unseen)],
        "fine": [_short(each, audit, where) for each in seen.fine],
        "unchecked": [visible(each) for each in seen.unchecked],
    }


def _addressed(audit: Audit) -> Iterator[tuple[int, str]]:
    places = [*zip(anchors(audit), _own(audit), strict=True)]
    places += [(_in_region(name), results) for name, results in _in_regions(audit).items()]
    for place, results in places:
        yield from zip(map(id, results), addresses(results, place), strict=True)


def _short(result: ExtendedResult, audit: Audit, where: Mapping[int, str]) -> list[str]:
    return [
        where[id(result)],
        visible(result.id),
        visible(result.title),
        result.status.value,
        visible(beyond.where(result, audit)),
        visible(result.summary),
        beyond.money(result.waste) if result.waste else "",
    ]
