"""The steps as they are compiled, run one after the other with the code of the containers.

What each step reads is what another has put where its request says: S3 is a folder of the test.
"""

from __future__ import annotations

import io
import json
import sys
import tarfile
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import pytest

from mlaudit_reference import bundle
from mlaudit_reference.container import staging
from mlaudit_reference.container.buckets import Bucket
from mlaudit_reference.definitions import places
from mlaudit_reference.definitions.expressions import (
    Deployed,
    Expression,
    Joined,
    Output,
    Parameter,
    Reported,
    Run,
    joined,
    said,
)
from mlaudit_reference.definitions.parameters import settings_of
from mlaudit_reference.definitions.steps import Gate, Kind, Step, steps_of, walk
from mlaudit_reference.engines import batch
from mlaudit_reference.engines.step_functions import HEAD
from mlaudit_reference.manifest import Manifest

Make = Callable[..., Manifest]

ROWS = 6000

pytestmark = [
    pytest.mark.frameworks,
    pytest.mark.slow,
    pytest.mark.skipif(
        not (find_spec("numpy") and find_spec("sklearn")),
        reason="numpy and scikit-learn are missing: pip install 'mlaudit[reference]'",
    ),
]


class Disk:
    """S3, as far as it is used: a folder for each bucket."""

    def __init__(self, root: Path) -> None:
        self.root = root

    def get_paginator(self, _: str) -> Disk:
        return self

    def paginate(self, Bucket: str, Prefix: str, **_: Any) -> Iterator[dict[str, Any]]:  # noqa: N803 - boto3's names
        found = (each for each in sorted((self.root / Bucket).rglob("*")) if each.is_file())
        keys = (each.relative_to(self.root / Bucket).as_posix() for each in found)
        now = datetime(2026, 1, 1, tzinfo=UTC)
        listed = [{"Key": key, "LastModified": now} for key in keys if key.startswith(Prefix)]
        yield {"Contents": listed}

    def download_file(self, bucket: str, key: str, path: str) -> None:
        Path(path).write_bytes((self.root / bucket / key).read_bytes())

    def upload_file(self, path: str, bucket: str, key: str) -> None:
        self.put(f"s3://{bucket}/{key}", Path(path).read_bytes())

    def put(self, uri: str, content: bytes) -> None:
        path = self.root / uri.removeprefix("s3://")
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(content)

    def read(self, uri: str) -> bytes:
        return (self.root / uri.removeprefix("s3://")).read_bytes()


class Chain:
    """A run of the steps, each as a job of AWS Batch, in folders of the test."""

    def __init__(self, manifest: Manifest, home: Path, monkeypatch: pytest.MonkeyPatch) -> None:
        self.disk = Disk(home / "s3")
        self.manifest = manifest
        self._home = home
        self._patch = monkeypatch
        with tarfile.open(fileobj=io.BytesIO(bundle.source_archive())) as archive:
            archive.extractall(home / "code", filter="data")

    def text(self, value: Expression) -> str:
        """A value as it is in this run."""
        match value:
            case Deployed(name):
                return name.lower()
            case Parameter(name):
                default = {each.name: each.default for each in settings_of(self.manifest)}[name]
                return default if isinstance(default, str) else self.text(default)  # type: ignore[arg-type]
            case Run():
                return "run"
            case Output(place=place):
                return self.text(place)
            case Joined(parts):
                return "".join(each if isinstance(each, str) else self.text(each) for each in parts)
            case _:
                raise TypeError(value)

    def jobs(self) -> list[Step]:
        """The steps that are jobs."""
        every = (each for each in walk(steps_of(self.manifest)) if isinstance(each, Step))
        return [each for each in every if each.kind in batch.ON_BATCH]

    def gates(self) -> list[Gate]:
        """The gates."""
        return [each for each in walk(steps_of(self.manifest)) if isinstance(each, Gate)]

    def register(self) -> Step:
        """The step that registers the model."""
        every = (each for each in walk(steps_of(self.manifest)) if isinstance(each, Step))
        return next(each for each in every if each.kind is Kind.REGISTER)

    def run(self, step: Step) -> int:
        """Run one step, and give how it ended."""
        asked = said(batch.submission(self.manifest, step), self.text)
        variables = asked["ContainerOverrides"]["Environment"]
        root = self._home / "ml" / step.name
        self._patch.setenv("ML_ROOT", str(root))
        self._patch.setattr(sys, "argv", [str(self._home / "code" / "staged.py")])
        order = staging.Order.read({each["Name"]: each["Value"] for each in variables})
        return staging.staged(order, lambda name: Bucket(self.disk, name))

    def report(self, number: Reported) -> bytes:
        """The report that a number stands in."""
        return self.disk.read(self.text(joined(number.output, f"/{number.file}")))


@pytest.fixture(scope="module")
def chain(make: Make, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Chain]:
    """A run in which every job has ended well."""
    from mlaudit_reference.container import data  # noqa: PLC0415 - needs numpy

    manifest = make(
        framework="sklearn", engine="step-functions", platform="batch",
        network={"reach": "own"}, tuning={"enabled": False}, **_columns(data.SETTINGS),
    )  # fmt: skip
    home = tmp_path_factory.mktemp("chain")
    with pytest.MonkeyPatch.context() as patch:
        for variable in ("SM_MODEL_DIR", "SM_OUTPUT_DATA_DIR", "SM_INPUT_CONFIG_DIR"):
            patch.delenv(variable, raising=False)
        run = Chain(manifest, home, patch)
        data.write(data.Recipe(rows=ROWS, seed=3), run.disk.root / "databucket")
        for key, content in places.documents(manifest).items():
            run.disk.put(f"s3://artifactbucket/{key}", content)
        for step in run.jobs():
            assert run.run(step) == 0, step.name
        yield run


def _columns(settings: Any) -> Mapping[str, Any]:
    return {
        "data": {
            "label": settings.label,
            "record_id": settings.record_id,
            "event_time": settings.event_time,
            "protected": {"attribute": settings.protected, "privileged": settings.privileged},
        },
        "features": {"numeric": list(settings.numeric), "categorical": list(settings.categorical)},
    }


def value_of(report: bytes, path: str) -> Any:
    value = json.loads(report)
    for part in path.split("."):
        value = value[part]
    return value


def test_the_gates_find_their_numbers(chain: Chain) -> None:
    limits = [limit for gate in chain.gates() for limit in gate.limits]
    found = {
        each.number.path: value_of(chain.report(each.number), each.number.path) for each in limits
    }
    assert found["dataset.item_count"] == ROWS
    assert found["metrics.auc.value"] > 0.7
    assert 0 <= found["bias.max_abs_dppl"] <= 1


def test_the_head_of_the_statistics_tells_how_many_records_there_are(chain: Chain) -> None:
    (limit,) = chain.gates()[0].limits
    last = int(HEAD.partition("-")[2])
    assert f'"item_count": {ROWS}'.encode() in chain.report(limit.number)[: last + 1]


def test_everything_that_is_registered_is_there(chain: Chain) -> None:
    request = said(chain.register().request, chain.text)
    container = request["InferenceSpecification"]["Containers"][0]
    for uri in (
        container["ModelDataUrl"],
        *_uris(request["ModelMetrics"]),
        *_uris(request["DriftCheckBaselines"]),
    ):
        assert chain.disk.read(uri), uri


def _uris(value: Any) -> Iterator[str]:
    if isinstance(value, dict):
        if "S3Uri" in value:
            yield value["S3Uri"]
        for each in value.values():
            yield from _uris(each)
