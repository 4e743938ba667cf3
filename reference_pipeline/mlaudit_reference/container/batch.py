"""Processing step: score the CSV files in a folder, one line of JSON a record.

It goes on where it stopped: a file under its last name is complete; while it is worked on it ends
in ``.part``, and a job that starts anew keeps the whole chunks in it.
"""

from __future__ import annotations

import argparse
import json
import os
import sys
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import Any

from mlaudit_reference.container.archives import unpacked
from mlaudit_reference.container.failures import InputError, ended
from mlaudit_reference.container.locations import processing_input, processing_output
from mlaudit_reference.container.logs import log
from mlaudit_reference.container.metrics import decided
from mlaudit_reference.container.records import from_table
from mlaudit_reference.container.serving import Part, Served, opened, scores
from mlaudit_reference.container.serving import decided as with_reasons
from mlaudit_reference.container.tables import Table, csv_files, read_file

_CHUNK = 5000


def main(argv: Sequence[str] | None = None) -> int:
    """Score ``data``."""
    parser = argparse.ArgumentParser(description="Score the files in a folder.")
    parser.add_argument("--reasons", action="store_true", help="say why, for every record")
    reasons: bool = parser.parse_args(argv).reasons
    return ended(lambda: _score(reasons=reasons), "message")


def _score(*, reasons: bool) -> int:
    source, target = processing_input("data"), processing_output("predictions")
    with unpacked(processing_input("model")) as folder:
        served = opened(folder, Part.WHOLE)
        for path in csv_files(source):
            done = target / path.relative_to(source).with_suffix(".jsonl")
            rows = 0 if done.exists() else score_file(served, path, done, reasons=reasons)
            log("scored", file=path.name, rows=rows, resumed=done.exists() and not rows)
    return 0


def score_file(served: Served, source: Path, target: Path, *, reasons: bool = False) -> int:
    """Score one file; what an earlier try left is kept.

    Returns:
        How many records were scored now.

    Raises:
        InputError: The file cannot be used, or what an earlier try left belongs to another one.
    """
    table = read_file(source)
    part = target.with_suffix(".part")
    part.parent.mkdir(parents=True, exist_ok=True)
    kept = _kept(part)
    ids = table.column(served.settings.record_id)
    if kept != list(ids[: len(kept)]):
        raise InputError(f"{part} holds predictions of other records than {source}: delete it")
    with part.open("a", encoding="utf-8") as file:
        for start in range(len(kept), table.rows, _CHUNK):
            lines = predictions(served, _rows(table, start), reasons=reasons)
            file.writelines(f"{json.dumps(line)}\n" for line in lines)
            file.flush()
        os.fsync(file.fileno())
    part.replace(target)
    return table.rows - len(kept)


def predictions(served: Served, table: Table, *, reasons: bool) -> Iterator[dict[str, Any]]:
    """What the model says of raw records, in their order."""
    records = from_table(table, served.settings)
    vectors = served.state.transform(records)
    if reasons:
        yield from with_reasons(served, records, vectors)
        return
    found = scores(served, vectors)
    said = decided(found, served.settings.thresholds.decision).tolist()
    for name, probability, decision in zip(records.ids, found.tolist(), said, strict=True):
        yield {"record_id": name, "probability": probability, "decision": int(decision)}


def _rows(table: Table, start: int) -> Table:
    columns = {name: each[start : start + _CHUNK] for name, each in table.columns.items()}
    return Table(columns)


def _kept(part: Path) -> list[str]:
    """The ids of the records that are done; what belongs to no whole chunk is cut off.

    The last digit of a probability may depend on how many records are scored at once: so that a
    file is the same however often it was interrupted, it goes on where a chunk began.
    """
    if not part.exists():
        return []
    lines = part.read_bytes().split(b"\n")[:-1]
    done = lines[: len(lines) - len(lines) % _CHUNK]
    with part.open("r+b") as file:
        file.truncate(sum(len(line) + 1 for line in done))
    try:
        return [str(json.loads(line)["record_id"]) for line in done]
    except (KeyError, TypeError, ValueError) as wrong:
        raise InputError(f"{part} holds no predictions: delete it") from wrong


if __name__ == "__main__":
    sys.exit(main())
