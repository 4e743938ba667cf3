"""What goes to devices is complete, and can be checked there."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Callable
from io import BytesIO
from typing import Any
from zipfile import ZipFile

from mlaudit_reference import edge
from mlaudit_reference.bundle import functions_key
from mlaudit_reference.manifest import Manifest
from mlaudit_reference.templates.serving.edge import STACK
from mlaudit_reference.templates.stacks import template

Make = Callable[..., Manifest]


def test_every_file_is_listed_with_its_hash(make: Make) -> None:
    files = edge.export(make(), b"model", "1.2.3")
    lines = files.pop(edge.HASHES).decode().splitlines()
    listed = {name: found for found, _, name in (line.partition("  ") for line in lines)}
    assert listed == {name: hashlib.sha256(each).hexdigest() for name, each in files.items()}
    assert {"model.tar.gz", "functions.zip", "recipe.json"} == files.keys()


def test_the_recipe_runs_a_program_that_the_code_brings(make: Make) -> None:
    files = edge.export(make(), b"model", "1.2.3")
    recipe = json.loads(files[edge.RECIPE])
    (manifest,) = recipe["Manifests"]
    program = manifest["Lifecycle"]["Run"].split()[1].rpartition("/")[2]
    with ZipFile(BytesIO(files[edge.CODE])) as code:
        assert program in code.namelist()
    assert recipe["ComponentVersion"] == "1.2.3"
    assert [each["Uri"] for each in manifest["Artifacts"]] == [
        "file:model.tar.gz",
        "file:functions.zip",
    ]


def test_the_stack_makes_the_same_component_of_what_is_in_the_bucket(make: Make) -> None:
    manifest = make(targets=["edge"])
    compiled = template(STACK, manifest)
    text, _ = compiled["Resources"]["Component"]["Properties"]["InlineRecipe"]["Fn::Sub"]
    made: dict[str, Any] = json.loads(text)
    same = edge.recipe(manifest, version="1", model="m", code="c")
    assert made["ComponentVersion"] == "${ComponentVersion}"
    assert made["Manifests"][0]["Lifecycle"] == same["Manifests"][0]["Lifecycle"]
    uris = [each["Uri"] for each in made["Manifests"][0]["Artifacts"]]
    assert uris == ["s3://${Bucket}/${ModelArchive}", f"s3://${{Bucket}}/{functions_key()}"]
    assert compiled["Parameters"].keys() == {"ModelArchive", "ComponentVersion"}
