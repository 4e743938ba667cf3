"""The services answered here; every other one is answered by moto."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator import sagemaker
from mlaudit.emulator.cloud import Handler

HANDLERS: Mapping[str, Mapping[str, Handler]] = {
    "sagemaker": sagemaker.HANDLERS,
}

# Services of which moto answers nothing: what is not above is refused.
WHOLE = frozenset({"sagemaker"})
