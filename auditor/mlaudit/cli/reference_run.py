"""``mlaudit reference run``: the whole chain on this machine."""

from __future__ import annotations

from pathlib import Path

from mlaudit.cli import options


def run(  # noqa: PLR0913 - the options of a command
    *,
    local: options.Local = False,
    manifest: options.ManifestFile = None,
    out: options.Workplace = Path("out/reference"),
    data: options.DataFolder = None,
    rows: options.Rows = 120_000,
    framework: options.Frameworks = None,
    seed: options.Seed = 0,
    approve: options.Approve = None,
    quiet: options.Quiet = False,
) -> None:
    """Run the reference pipeline on this machine, without AWS and without Docker.

    It validates and prepares data, trains in every framework that is installed, tunes, evaluates
    and registers the best model; scores with it in a batch, over HTTP and from a stream whose calls
    fail on purpose; looks for drift; and kills a training to prove that it goes on. What it needs
    comes with: pip install 'mlaudit[reference]'

    Examples:

      mlaudit reference run --local

      mlaudit reference run --local --rows 20000 --framework xgboost

      mlaudit reference run --local --manifest pipeline.yaml --data my-csv-files

      mlaudit reference run --local --approve consumer-credit
    """
    from mlaudit.cli.running import Wish, approved, ran  # noqa: PLC0415 - keeps --help fast

    if approve is not None:
        approved(out, approve)
        return
    ran(Wish(manifest, out, data, rows, tuple(framework or ()), seed), local=local, quiet=quiet)
