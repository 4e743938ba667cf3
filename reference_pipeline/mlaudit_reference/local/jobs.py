"""Run a program of the containers as SageMaker runs it: its folders, its variables, its exit code.

Sources: the contracts of processing containers (``/opt/ml/processing``) and of the training toolkit
(``/opt/ml/input``, ``SM_*``). ``ML_ROOT`` stands for ``/opt/ml``.
"""

from __future__ import annotations

import json
import os
import shlex
import subprocess
import sys
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

from mlaudit_reference.local.failures import Ending, StepFailedError
from mlaudit_reference.local.workplace import Workplace

_LAST_LINES = 12
_THREADS = ("OMP_NUM_THREADS", "MKL_NUM_THREADS", "OPENBLAS_NUM_THREADS")

OnLine = Callable[[str], None]


@dataclass(frozen=True)
class Processing:
    """A processing job.

    Attributes:
        name: What the run calls it.
        program: The program at the root of the code.
        inputs: Folders by the names under which the program finds them.
        arguments: Further arguments.
    """

    name: str
    program: str
    inputs: Mapping[str, Path]
    arguments: tuple[str, ...] = ()


@dataclass(frozen=True)
class Training:
    """A training job.

    Attributes:
        name: What the run calls it.
        framework: What it trains with.
        channels: Folders by channel.
        hyperparameters: As text, as the service passes them.
        threads: How many cores it may use; 0 leaves it to the framework.
    """

    name: str
    framework: str
    channels: Mapping[str, Path]
    hyperparameters: Mapping[str, str] = field(default_factory=dict)
    threads: int = 0

    @property
    def program(self) -> str:
        """The program at the root of the code."""
        return f"train_{self.framework}.py"


Job = Processing | Training


def run(place: Workplace, job: Job, on_line: OnLine | None = None) -> Path:
    """Run a job to its end.

    Args:
        place: Where.
        job: What.
        on_line: Takes each line that the job writes.

    Returns:
        What ``/opt/ml`` is to the job.

    Raises:
        StepFailedError: It ended with another exit code than 0.
    """
    root = prepared(place, job)
    with started(place, job, root) as process:
        code = follow(process, place.step(job.name) / "log.txt", on_line)
    if code:
        raise StepFailedError(job.name, ended(place, job, code))
    return root


def prepared(place: Workplace, job: Job) -> Path:
    """Lay out what a job finds below ``/opt/ml``; what is there stays."""
    root = place.step(job.name) / "ml"
    if isinstance(job, Processing):
        _linked(root / "processing" / "input", job.inputs)
        (root / "processing" / "output").mkdir(parents=True, exist_ok=True)
        return root
    _linked(root / "input" / "data", job.channels)
    for name in ("input/config", "model", "output/data", "checkpoints"):
        (root / name).mkdir(parents=True, exist_ok=True)
    text = json.dumps(dict(job.hyperparameters), indent=2)
    (root / "input" / "config" / "hyperparameters.json").write_text(text, "utf-8")
    return root


@contextmanager
def started(place: Workplace, job: Job, root: Path) -> Iterator[subprocess.Popen[str]]:
    """Start a job; whatever happens here, it does not outlive this."""
    with subprocess.Popen(  # noqa: S603 - the code of this package, without a shell
        command(place, job),
        env=environment(job, root),
        cwd=place.step(job.name),
        stdin=subprocess.DEVNULL,
        stdout=subprocess.PIPE,
        stderr=subprocess.STDOUT,
        text=True,
        errors="replace",
    ) as process:
        try:
            yield process
        finally:
            if process.poll() is None:
                process.kill()


def follow(process: subprocess.Popen[str], log: Path, on_line: OnLine | None = None) -> int:
    """Write what a process says to a log until it ends. Returns its exit code."""
    with log.open("a", encoding="utf-8") as file:
        for line in process.stdout or ():
            file.write(line)
            if on_line:
                on_line(line)
    return process.wait()


def ended(place: Workplace, job: Job, code: int) -> Ending:
    """How a job that failed ended."""
    root = place.step(job.name) / "ml"
    log = place.step(job.name) / "log.txt"
    note = root / "output" / ("message" if isinstance(job, Processing) else "failure")
    with log.open(encoding="utf-8") as file:
        last = [each.rstrip() for each in deque(file, _LAST_LINES)]
    said = note.read_text("utf-8").strip() if note.is_file() else ""
    again = shlex.join([f"ML_ROOT={root}", *command(place, job)])
    return Ending(code, said, last, log, again)


def command(place: Workplace, job: Job) -> list[str]:
    """What starts a job; the training toolkit passes hyperparameters as arguments too."""
    if isinstance(job, Processing):
        arguments = job.arguments
    else:
        pairs = sorted(job.hyperparameters.items())
        arguments = tuple(part for name, value in pairs for part in (f"--{name}", value))
    return [sys.executable, str(place.code / job.program), *arguments]


def environment(job: Job, root: Path) -> dict[str, str]:
    """The variables of a job; credentials are not among them, for it needs none."""
    kept = {k: v for k, v in os.environ.items() if not k.startswith(("AWS_", "SM_", "PYTHON"))}
    kept |= {"ML_ROOT": str(root), "PYTHONUNBUFFERED": "1", "PYTHONDONTWRITEBYTECODE": "1"}
    # Threads that spin while they wait take the cores from others that have work to do.
    kept.setdefault("OMP_WAIT_POLICY", "PASSIVE")
    if isinstance(job, Processing):
        return kept
    if job.threads:
        kept |= dict.fromkeys(_THREADS, str(job.threads))
    return kept | _of_training(job, root)


def _of_training(job: Training, root: Path) -> dict[str, str]:
    channels = {
        f"SM_CHANNEL_{name.upper()}": str(root / "input" / "data" / name) for name in job.channels
    }
    return {
        **channels,
        "SM_CHANNELS": json.dumps(sorted(job.channels)),
        "SM_HPS": json.dumps(dict(job.hyperparameters)),
        "SM_INPUT_DIR": str(root / "input"),
        "SM_INPUT_CONFIG_DIR": str(root / "input" / "config"),
        "SM_MODEL_DIR": str(root / "model"),
        "SM_OUTPUT_DIR": str(root / "output"),
        "SM_OUTPUT_DATA_DIR": str(root / "output" / "data"),
        "SM_HOSTS": '["algo-1"]',
        "SM_CURRENT_HOST": "algo-1",
        "SM_NUM_GPUS": "0",
        "SM_NUM_CPUS": str(job.threads or os.cpu_count() or 1),
    }


def _linked(folder: Path, places: Mapping[str, Path]) -> None:
    folder.mkdir(parents=True, exist_ok=True)
    for name, target in places.items():
        link = folder / name
        if not link.is_symlink():
            link.symlink_to(target.resolve(), target_is_directory=True)
