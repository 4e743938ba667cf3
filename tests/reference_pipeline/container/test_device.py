"""What is packed for a device runs there as its recipe says."""

from __future__ import annotations

import hashlib
import http.client
import json
import subprocess
import sys
import tarfile
from collections.abc import Iterator
from contextlib import closing, contextmanager
from io import BytesIO
from pathlib import Path
from zipfile import ZipFile

import pytest
import yaml

from mlaudit_reference import edge
from mlaudit_reference.manifest import example, read_manifest

RECORD = {
    "income": 30000,
    "debt_ratio": 0.3,
    "loan_amount": 9000.5,
    "months_employed": None,
    "open_accounts": 2,
    "purpose": "car",
    "housing": None,
    "region": "north",
}


@pytest.fixture
def device(model_folder: Path, tmp_path: Path) -> Path:
    """A folder with the files that go to devices."""
    packed = BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as archive:
        for each in sorted(model_folder.iterdir()):
            archive.add(each, each.name)
    manifest = read_manifest(yaml.safe_load(example()))
    for name, content in edge.export(manifest, packed.getvalue(), "1.0.0").items():
        (tmp_path / name).write_bytes(content)
    return tmp_path


@contextmanager
def _running(device: Path) -> Iterator[http.client.HTTPConnection]:
    """Install and run the component in folders that Greengrass would name, on a free port."""
    recipe = json.loads((device / edge.RECIPE).read_text())
    steps = recipe["Manifests"][0]["Lifecycle"]
    unpacked, work = device / "unpacked", device / "work"
    with ZipFile(device / edge.CODE) as code:
        code.extractall(unpacked / "functions")  # noqa: S202 - packed by this test
    places = {
        "{artifacts:path}": str(device),
        "{artifacts:decompressedPath}": str(unpacked),
        "{work:path}": str(work),
        "{configuration:/Port}": "0",
        "python3": sys.executable,
    }
    for name, place in places.items():
        steps = {key: step.replace(name, place) for key, step in steps.items()}
    subprocess.run(["/bin/sh", "-c", steps["Install"]], check=True)
    with subprocess.Popen(steps["Run"].split(), stdout=subprocess.PIPE, text=True) as running:
        try:
            assert running.stdout
            port = json.loads(running.stdout.readline())["port"]
            with closing(http.client.HTTPConnection("127.0.0.1", port, timeout=10)) as connection:
                yield connection
        finally:
            running.terminate()


def test_a_device_answers_as_the_cloud_does(device: Path) -> None:
    with _running(device) as connection:
        body = json.dumps({"instances": [RECORD, RECORD]})
        connection.request("POST", "/invocations", body, {"Content-Type": "application/json"})
        answer = connection.getresponse()
        predictions = json.loads(answer.read())["predictions"]
    assert answer.status == 200
    assert len(predictions) == 2
    assert 0 < predictions[0]["probability"] < 1
    assert predictions[0]["decision"] in {0, 1}


def test_a_device_can_tell_what_was_changed_on_the_way(device: Path) -> None:
    listed = (device / edge.HASHES).read_text().splitlines()
    expected = {name: found for found, _, name in (line.partition("  ") for line in listed)}
    (device / edge.MODEL).write_bytes(b"another model")
    found = {name: hashlib.sha256((device / name).read_bytes()).hexdigest() for name in expected}
    assert {name for name in expected if found[name] != expected[name]} == {edge.MODEL}
