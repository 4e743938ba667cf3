"""An emulated AWS account on loopback, for demos, tests and rehearsals.

Nothing here talks to AWS: the server listens on 127.0.0.1, and every client that this package
makes has that address and made-up credentials. moto answers most services, this package answers
SageMaker and whatever else moto answers wrongly.
"""

from __future__ import annotations

from mlaudit.errors import MlauditError

try:
    from mlaudit.emulator.account import EmulatedAccount, emulated_account
except ModuleNotFoundError as error:
    if (error.name or "").split(".")[0] not in {"moto", "werkzeug", "flask", "flask_cors"}:
        raise
    raise MlauditError(
        "The emulated account needs moto, which is not installed. "
        "Run: pip install 'mlaudit[emulator]'"
    ) from error
from mlaudit.emulator.companions import Companions, companions
from mlaudit.emulator.errors import ScenarioError
from mlaudit.emulator.scenario import Scenario, bundled_scenarios, load_scenario

__all__ = [
    "Companions",
    "EmulatedAccount",
    "Scenario",
    "ScenarioError",
    "bundled_scenarios",
    "companions",
    "emulated_account",
    "load_scenario",
]
