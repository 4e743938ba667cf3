"""How much slower `mlaudit --help` starts than its two libraries alone. Prints the ratio.

Runs alternate, so that a busy moment of the machine hits both; the fastest of each counts.
"""

import subprocess
import sys
from time import perf_counter

ROUNDS = 7
FLOOR = [sys.executable, "-c", "import typer, rich"]
HELP = [
    sys.executable,
    "-c",
    "import sys; from mlaudit.cli import main; sys.exit(main())",
    "--help",
]


def measure() -> tuple[float, float]:
    """Return the fastest run of the command and of the floor, in seconds."""
    pairs = [(_seconds(HELP), _seconds(FLOOR)) for _ in range(ROUNDS)]
    helps, floors = zip(*pairs, strict=True)
    return min(helps), min(floors)


def _seconds(command: list[str]) -> float:
    start = perf_counter()
    subprocess.run(command, check=True, stdout=subprocess.DEVNULL)
    return perf_counter() - start


def _report() -> None:
    taken, floor = measure()
    sys.stdout.write(
        f"mlaudit --help {taken * 1000:.0f} ms, import typer, rich {floor * 1000:.0f} ms, "
        f"ratio {taken / floor:.2f}\n"
    )


if __name__ == "__main__":
    _report()
