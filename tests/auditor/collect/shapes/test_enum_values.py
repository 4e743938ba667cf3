"""Texts that are compared with a status or another value of AWS are values that AWS has.

The models name the values of an enum. Collectors compare members of replies; capabilities and
checks compare fields of resources, of which the collectors tell the enum when they map replies
that are made from the models. A field of one name has the values of all resources that have it.
"""

import ast
from collections import defaultdict
from collections.abc import Collection, Iterator, Mapping
from dataclasses import fields, is_dataclass
from importlib import import_module
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

import mlaudit.capabilities
import mlaudit.collect
import mlaudit.resources
import mlaudit_checks

COLLECTORS = sorted(Path(mlaudit.collect.__file__).parent.glob("*.py"))
JUDGES = [
    path
    for package in (mlaudit.capabilities, mlaudit.resources, mlaudit_checks)
    for path in sorted(Path(str(package.__file__)).parent.rglob("*.py"))
]
OF_OTHERS: Mapping[str, set[str]] = {"metric": {"InvocationsPerInstance"}, "strategy": {"ROLLING"}}
"""Values that fields of the same name have from elsewhere: names of metrics, and ours."""

Compared = tuple[ast.expr, ast.expr]


def module_of(path: Path) -> ModuleType:
    root = next(each for each in path.parents if not (each / "__init__.py").exists())
    parts = path.relative_to(root).with_suffix("").parts
    return import_module(".".join(each for each in parts if each != "__init__"))


def compared_in(path: Path) -> Iterator[Compared]:
    """Both sides of every comparison of a source file, in either order."""
    for node in ast.walk(ast.parse(path.read_text("utf-8"))):
        if isinstance(node, ast.Compare):
            sides = [node.left, *node.comparators]
            yield from ((one, other) for one in sides for other in sides if one is not other)


def texts_in(node: ast.expr, module: ModuleType) -> set[str]:
    """The texts that stand in a comparison, by themselves, in a collection or under a name."""
    try:
        value: Any = ast.literal_eval(node)
    except ValueError:
        value = getattr(module, node.id, None) if isinstance(node, ast.Name) else None
    found = [value] if isinstance(value, str) else value
    if not isinstance(found, Collection):
        return set()
    return {each for each in found if isinstance(each, str)}


def member_in(node: ast.expr) -> str | None:
    """The member of a reply that is read by ``get`` or by its key."""
    match node:
        case ast.Subscript(slice=ast.Constant(value=str(key))):
            return key
        case ast.Call(func=ast.Attribute(attr="get"), args=[ast.Constant(value=str(key)), *_]):
            return key
        case _:
            return None


def field_in(node: ast.expr) -> str | None:
    return node.attr if isinstance(node, ast.Attribute) else None


@pytest.fixture(scope="module")
def enums(outcome: Any) -> Mapping[str, set[str]]:
    """The values that fields of resources may have, by the name of the field."""
    found: dict[str, set[str]] = defaultdict(set)
    for snapshot in outcome.snapshots:
        for resource in snapshot.resources:
            for name, value in _values(resource):
                found[name] |= getattr(value, "others", frozenset())
    return {name: values for name, values in found.items() if values}


def _values(thing: Any) -> Iterator[tuple[str, Any]]:
    for each in fields(thing):
        value = getattr(thing, each.name)
        for part in value if isinstance(value, tuple) else (value,):
            if is_dataclass(part):
                yield from _values(part)
            else:
                yield each.name, part


def unknown(
    compared: Compared, module: ModuleType, values: Mapping[str, set[str]], name: str | None
) -> set[str]:
    """What is compared with a member or a field of an enum and is none of its values."""
    if name is None or name not in values:
        return set()
    return texts_in(compared[1], module) - values[name] - OF_OTHERS.get(name, set())


@pytest.mark.parametrize("path", COLLECTORS, ids=[each.stem for each in COLLECTORS])
def test_collectors_compare_members_with_values_they_have(path: Path, members_in: Any) -> None:
    module = module_of(path)
    values = {name: _values_of(shapes) for name, shapes in members_in(path).items()}
    values = {name: some for name, some in values.items() if some}
    wrong = [unknown(each, module, values, member_in(each[0])) for each in compared_in(path)]
    assert set().union(*wrong) == set()


def _values_of(shapes: Collection[Any]) -> set[str]:
    """The values of members of one name; none where one of them may have any text."""
    texts = [shape.enum for shape in shapes if shape.type_name == "string"]
    return {value for enum in texts for value in enum} if all(texts) else set()


@pytest.mark.parametrize("path", JUDGES, ids=[each.stem for each in JUDGES])
def test_judgements_compare_fields_with_values_they_have(
    path: Path, enums: Mapping[str, set[str]]
) -> None:
    module = module_of(path)
    wrong = [unknown(each, module, enums, field_in(each[0])) for each in compared_in(path)]
    assert set().union(*wrong) == set()


def test_fields_have_the_values_of_their_enums(enums: Mapping[str, set[str]]) -> None:
    assert {"InService", "Completed", "Succeeded", "SUCCEEDED", "Scheduled"} <= enums["status"]
    assert "Approved" in enums["approval"]
    assert enums["strategy"] >= {"Bayesian", "CANARY"}
    assert "arn" not in enums
