"""What stands beside the templates, by the engine that runs the steps."""

from __future__ import annotations

import json
from collections.abc import Callable

import pytest

from mlaudit_reference.compiled import compiled
from mlaudit_reference.container import settings
from mlaudit_reference.definitions import places
from mlaudit_reference.engines.files import of_engine
from mlaudit_reference.manifest import Manifest

Make = Callable[..., Manifest]


@pytest.mark.parametrize(
    ("engine", "names"),
    [
        ("sagemaker", {"definitions/consumer-credit-training.json"}),
        ("airflow", {"dags/consumer_credit_training.py"}),
        ("step-functions", set()),
    ],
)
def test_the_engine_says_which_files_there_are(engine: str, names: set[str], make: Make) -> None:
    assert of_engine(make(engine=engine)).keys() == names


def test_the_settings_go_where_the_steps_look_for_them(make: Make) -> None:
    manifest = make(evaluation={"auc_min": 0.75})
    files = compiled(manifest)
    upload = next(
        each
        for each in json.loads(files["stacks.json"])["uploads"]
        if each["key"] == places.settings_key(manifest)
    )
    found = settings.parse(json.loads(files[upload["file"]]))
    assert found.thresholds.auc_min == 0.75
    assert found.features == (*manifest.features.numeric, *manifest.features.categorical)


def test_other_settings_lie_somewhere_else(make: Make) -> None:
    one, other = make(), make(evaluation={"auc_min": 0.75})
    assert places.settings_key(one) != places.settings_key(other)
    assert places.settings_key(one) == places.settings_key(make(owner="else@example.com"))
