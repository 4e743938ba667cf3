"""Read a manifest, write what it is compiled into, and tell what the pipeline can do."""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import asdict
from pathlib import Path
from typing import Any

from rich import box
from rich.console import Console
from rich.table import Table

from mlaudit.config.reading import parsed, read_text
from mlaudit.errors import MlauditError
from mlaudit.files import write_whole
from mlaudit_reference.capabilities import Capability, Price, capabilities
from mlaudit_reference.compiled import compiled
from mlaudit_reference.manifest import Manifest, read_manifest


def manifest_of(path: Path) -> Manifest:
    """Read a manifest.

    Raises:
        MlauditError: There is none, or it says something that is not understood.
    """
    return parsed(_text(path), path, _read)


def document_of(path: Path) -> Mapping[str, Any]:
    """What a manifest says, without the defaults of its profile.

    Raises:
        MlauditError: There is none, or it says something that is not understood.
    """
    return parsed(_text(path), path, _said)


def _text(path: Path) -> str:
    if not path.exists():
        raise MlauditError(
            f"There is no {path}. Start from one: mlaudit reference example > {path}"
        )
    return read_text(path)


def _said(document: Any) -> Mapping[str, Any]:
    _read(document)
    found: Mapping[str, Any] = document
    return found


def _read(document: object) -> Manifest:
    """Let the model say what is wrong with a document that is no mapping."""
    return (
        read_manifest(document)
        if isinstance(document, Mapping)
        else Manifest.model_validate(document)
    )


def write_compiled(path: Path, folder: Path) -> Iterator[str]:
    """Compile a manifest into a folder; tell each file that is written.

    Raises:
        MlauditError: The manifest cannot be used, or a file cannot be written.
    """
    files = compiled(manifest_of(path))
    for name, content in files.items():
        write_whole(folder / name, content)
        yield f"Wrote {folder / name}"


def listed(form: str) -> str:
    """The capabilities as a table or as JSON.

    Raises:
        MlauditError: There is no such format.
    """
    known = capabilities()
    if form == "json":
        return json.dumps([asdict(each) for each in known], indent=2) + "\n"
    if form != "text":
        raise MlauditError(f"There is no format {form!r}. Choose from json, text.")
    return _table(known)


def _table(known: tuple[Capability, ...]) -> str:
    table = Table(box=box.SIMPLE_HEAD)
    for title in ("capability", "stack", "turns, once it has run", "USD a month at rest"):
        table.add_column(title, justify="right" if "USD" in title else "left")
    for each in known:
        table.add_row(each.title, each.stack, ", ".join(each.items) or "-", in_words(each.idle))
    console = Console(width=110)
    with console.capture() as captured:
        console.print(table)
    return captured.get()


def in_words(price: Price) -> str:
    """A price as it is read: what is not known is said, and is never zero."""
    return "unknown" if price.usd is None else f"{price.usd:g}"
