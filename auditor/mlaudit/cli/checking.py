"""What ``mlaudit checks`` does once its options are parsed."""

from __future__ import annotations

import json

from mlaudit.catalog import catalogue
from mlaudit.config.rules import unknown_item
from mlaudit.errors import MlauditError
from mlaudit.pages import entry, page


def listed(section: int | None, form: str) -> str:
    """The items of the checklist, a line each, or as JSON with all there is to know.

    Raises:
        MlauditError: There is no such section or format.
    """
    known = catalogue()
    if section is not None and section not in known.sections:
        last = max(known.sections)
        raise MlauditError(f"There is no section {section}: the checklist has 1 to {last}.")
    items = [item for item in known.items if section in {None, item.section}]
    match form:
        case "json":
            return json.dumps([entry(item, known) for item in items], indent=2) + "\n"
        case "text":
            width = max(len(item.id) for item in items)
            without = [" (no check yet)" * (item.id not in known.checks) for item in items]
            return "".join(
                f"{item.id:<{width}}  {item.title}{note}\n"
                for item, note in zip(items, without, strict=True)
            )
        case _:
            raise MlauditError(f"There is no format {form!r}. Choose from json, text.")


def shown(id_: str) -> str:
    """The page of one item.

    Raises:
        MlauditError: There is no such item.
    """
    known = catalogue()
    wrong = unknown_item(id_, known)
    if wrong:
        raise MlauditError(f"{wrong}.")
    return page(next(item for item in known.items if item.id == id_), known)
