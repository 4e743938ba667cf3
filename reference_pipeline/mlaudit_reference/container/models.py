"""The models that a server has loaded, by name (the contract of multi-model endpoints)."""

from __future__ import annotations

from http import HTTPStatus
from pathlib import Path
from threading import Lock

from mlaudit_reference.container.failures import InputError
from mlaudit_reference.container.payloads import RequestError
from mlaudit_reference.container.serving import Served, opened, part_said


class Models:
    """Loaded models. Safe to use from several threads at once."""

    def __init__(self, most: int) -> None:
        """Hold at most so many models."""
        self._most = most
        self._lock = Lock()
        self._loaded: dict[str, tuple[Path, Served]] = {}

    def load(self, name: str, folder: Path) -> None:
        """Load the model in a folder.

        Raises:
            RequestError: A model of that name is loaded (409), there is no room (507: the endpoint
                then unloads another one), or it cannot be loaded (400).
        """
        self._check(name)
        try:
            served = opened(folder, part_said())
        except InputError as wrong:
            raise RequestError(str(wrong)) from wrong
        self.put(name, folder, served)

    def put(self, name: str, folder: Path, served: Served) -> None:
        """Hold a model that is loaded.

        Raises:
            RequestError: As for ``load``.
        """
        with self._lock:
            self._check(name)
            self._loaded[name] = (folder, served)

    def _check(self, name: str) -> None:
        if name in self._loaded:
            raise RequestError(f"model {name} is loaded already", HTTPStatus.CONFLICT)
        if len(self._loaded) >= self._most:
            status = HTTPStatus.INSUFFICIENT_STORAGE
            raise RequestError(f"there is room for {self._most} models", status)

    def unload(self, name: str) -> None:
        """Forget a model.

        Raises:
            RequestError: There is none of that name (404).
        """
        with self._lock:
            if self._loaded.pop(name, None) is None:
                raise _unknown(name)

    def get(self, name: str) -> Served:
        """A model.

        Raises:
            RequestError: There is none of that name (404).
        """
        found = self._loaded.get(name)
        if found is None:
            raise _unknown(name)
        return found[1]

    def described(self, name: str) -> dict[str, str]:
        """A model as ``GET /models/NAME`` tells it.

        Raises:
            RequestError: There is none of that name (404).
        """
        found = self._loaded.get(name)
        if found is None:
            raise _unknown(name)
        return {"modelName": name, "modelUrl": str(found[0])}

    def listed(self) -> list[dict[str, str]]:
        """All models as ``GET /models`` lists them."""
        with self._lock:
            return [
                {"modelName": name, "modelUrl": str(folder)}
                for name, (folder, _) in sorted(self._loaded.items())
            ]


def _unknown(name: str) -> RequestError:
    return RequestError(f"model {name} is not loaded", HTTPStatus.NOT_FOUND)
