"""What CI runs, whatever host it runs on: checks, compilation, the gate, deployment."""

from __future__ import annotations

from shlex import quote

from mlaudit_reference.manifest import Manifest, Mode

OUT = "out/reference"
PYTHON = "3.13"
PACKAGE = "MLAUDIT_PACKAGE"
"""The variable that says what pip installs as mlaudit: a wheel, an own index, or a repository."""

TOOLS = "boto3 cfn-lint pre-commit pytest"

INSTALL = f'python -m pip install --quiet "${PACKAGE}" {TOOLS}'
CHECK = (
    "pre-commit run --all-files",
    "python -m pytest",
    f"mlaudit reference compile --manifest pipeline.yaml --out {OUT}",
    f"cfn-lint {OUT}/templates/*.yaml",
)
"""Style, types, unit tests, and whether the templates are understood."""

PRODUCTION = "production"
REPORTS = "mlaudit"
BASELINE = "mlaudit-baseline.json"
"""The audit that must not become worse, in the repository; without it the whole share is asked."""

_GATES = {
    Mode.REALTIME: "realtime",
    Mode.SERIAL: "realtime",
    Mode.MULTI_MODEL: "realtime",
    Mode.COMPONENTS: "realtime",
    Mode.SERVERLESS: "serverless",
    Mode.ASYNC: "async",
    Mode.BATCH: "batch",
    Mode.CHAIN: "batch",
    Mode.STREAMING: "streaming",
    Mode.EDGE: "registry",
}
"""The target of the gate that is asked for each mode."""


def gate_targets(manifest: Manifest) -> list[str]:
    """What the gate is asked for, streaming last: its decision goes with the deployment."""
    wanted = {_GATES[mode] for mode in manifest.targets}
    return sorted(wanted, key=lambda target: (target == "streaming", target))


def gate(manifest: Manifest, role: str = "") -> list[str]:
    """Audit the workload, read-only, and stop unless every gate is open.

    Before streaming the guide asks for the whole share; elsewhere a baseline lets a system grow.

    Args:
        manifest: The system.
        role: What stands for the role to assume; empty where credentials are those of it already.
    """
    scan = (
        f"mlaudit scan --repo {quote(manifest.belongs_to)}=. --out {REPORTS} "
        "--format json --format html --format junit"
    )
    scan += f' --role-arn "{role}"' if role else ""
    return [scan, *(_ask(manifest, target) for target in gate_targets(manifest))]


def decision(target: str) -> str:
    """The file that the decision about a target is written to."""
    return f"{REPORTS}/decision-{target}.json"


def _ask(manifest: Manifest, target: str) -> str:
    asked = (
        f"mlaudit gate --audit {REPORTS}/audit.json --workload {quote(manifest.belongs_to)} "
        f"--target {target} --decision {decision(target)}"
    )
    if target == "streaming":
        return asked
    grown = f"--no-regression --baseline {BASELINE}"
    return f"{asked} $(test -f {BASELINE} && echo {grown})"


def deploy(manifest: Manifest, stage: str, commit: str, role: str = "") -> str:
    """Deploy everything that was compiled; to production with the decision of the gate.

    Args:
        manifest: The system.
        stage: The environment.
        commit: What the host calls the commit.
        role: What stands for the role to assume; empty where credentials are those of it already.
    """
    asked = (
        f'python deploy.py --out {OUT} --commit "{commit}" --role-arn "$CLOUDFORMATION_ROLE_ARN"'
    )
    asked += f' --assume "{role}"' if role else ""
    if account := account_of(manifest, stage):
        asked += f" --account {account}"
    if manifest.budget.ttl_days:
        asked += f" --days {manifest.budget.ttl_days}"
    if stage == PRODUCTION and Mode.STREAMING in manifest.targets:
        asked += f" --decision {decision('streaming')}"
    return asked


def account_of(manifest: Manifest, stage: str) -> str | None:
    """The account of an environment; ``None`` where the manifest names none."""
    accounts = manifest.delivery.accounts
    if accounts is None:
        return None
    return {"dev": accounts.dev, "staging": accounts.staging, PRODUCTION: accounts.prod}[stage]


def environments(manifest: Manifest) -> tuple[str, ...]:
    """The environments a change passes, production last; one account is production alone."""
    return ("dev", "staging", PRODUCTION) if manifest.delivery.accounts else (PRODUCTION,)
