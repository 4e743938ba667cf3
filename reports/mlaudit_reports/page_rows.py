"""One result as the HTML page carries it: everything told in words, hidden characters visible."""

from collections import Counter
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from urllib.parse import quote

from mlaudit.audit import ItemResult, Result
from mlaudit.beyond import ExtendedResult
from mlaudit.model import Gap, Observation
from mlaudit_reports import beyond, grouping, words
from mlaudit_reports.inert import visible

_MOST = 200
"""How many facts and gaps of one result are carried; the JSON report has all."""

Row = dict[str, Any]


def rows(results: Iterable[Result], place: str) -> list[Row]:
    """Carry results that stand in one place of the page, each with an address of its own."""
    there = tuple(results)
    return [_row(*each) for each in zip(there, addresses(there, place), strict=True)]


def addresses(results: Iterable[Result], place: str) -> list[str]:
    """Name each result of a place; the second of an id gets a number."""
    taken: Counter[str] = Counter()
    found = []
    for result in results:
        plain = f"{place}/{quote(result.id, safe='')}"
        taken[plain] += 1
        found.append(plain if taken[plain] == 1 else f"{plain}/{taken[plain]}")
    return found


def _row(result: Result, address: str) -> Row:
    own = _of_item(result) if isinstance(result, ItemResult) else _of_extended(result)
    return {
        "at": address,
        "id": visible(result.id),
        "title": visible(result.title),
        "status": result.status.value,
        "strength": words.STRENGTH[result.strength],
        "summary": visible(result.summary),
        "seen": [_seen(each) for each in result.observations[:_MOST]],
        "gaps": [_gap(each) for each in result.gaps[:_MOST]],
        "more": [max(0, len(each) - _MOST) for each in (result.observations, result.gaps)],
        **{key: value for key, value in own.items() if value},
    }


def _of_item(item: ItemResult) -> Row:
    exception = item.exception
    return {
        "section": item.section,
        "critical": item.critical,
        "unchecked": grouping.has_no_check(item),
        "excepted": exception and ("exception expired" if exception.expired else "exception"),
        "attested": item.attestation and visible(words.attestation(item.attestation)),
        "exception": exception and visible(words.exception(exception)),
    }


def _of_extended(result: ExtendedResult) -> Row:
    return {
        "said": beyond.said(result),
        "money": result.waste and beyond.money(result.waste),
        "group": visible(result.group),
    }


def _seen(seen: Observation) -> list[str]:
    return [visible(seen.fact), seen.grade.value, moment(seen.at), visible(seen.arn)]


def _gap(gap: Gap) -> list[str]:
    concerns = visible(gap.subject) if gap.subject else ""
    why = words.REASON[gap.reason]
    return [visible(gap.operation), visible(gap.region), visible(gap.code), why, concerns]


def moment(value: datetime | None) -> str:
    """Write a time for people; nothing where none is known."""
    return words.moment(value) if value else ""
