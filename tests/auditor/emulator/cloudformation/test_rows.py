"""What the table of types says holds against the models of the services and against who serves."""

from __future__ import annotations

import importlib
from collections.abc import Iterator
from types import ModuleType

import pytest
from moto.core.utils import camelcase_to_underscores

from mlaudit.emulator import models, moto_app, services
from mlaudit.emulator.cloudformation import operations, providers, schemas
from mlaudit.emulator.cloudformation.generic import Generic
from mlaudit.emulator.cloudformation.rows import Row
from mlaudit.emulator.wire import Target

TYPES = sorted(providers.ROWS)
MODULES = {"application-autoscaling": "applicationautoscaling", "lambda": "awslambda"}


def row(type_name: str) -> Row:
    """Return the row of a type with all its operations named."""
    provider = providers.provider(type_name)
    assert isinstance(provider, Generic)
    return provider.row


def named(of: Row) -> Iterator[str]:
    """Yield the operations that a row names."""
    yield from filter(None, (of.create, of.update, of.delete))
    yield from (of.reading.operation,) if of.reading else ()
    yield from (of.tagging.tag, of.tagging.untag) if of.tagging else ()
    for facet in of.facets:
        yield from filter(None, (facet.put, facet.drop, facet.read))


@pytest.mark.parametrize("type_name", TYPES)
def test_every_operation_exists_and_is_served(type_name: str) -> None:
    of = row(type_name)
    model = models.service(of.service)
    assert model is not None
    assert [each for each in named(of) if each not in model.operation_names] == []
    assert [each for each in named(of) if not served(of.service, each)] == []


@pytest.mark.parametrize("type_name", TYPES)
def test_what_describes_and_deletes_is_told_which_one(type_name: str) -> None:
    of = row(type_name)
    asking = [of.delete] if of.delete else []
    if of.reading and of.reading.given is None:
        asking.append(of.reading.operation)
    for operation in asking:
        shape = operations.shape_of(of.service, operation)
        assert shape is not None
        assert {*shape.required_members, *of.keys} & set(shape.members), operation


@pytest.mark.parametrize("type_name", TYPES)
def test_every_property_it_names_is_in_the_schema(type_name: str) -> None:
    of, schema = row(type_name), schemas.schema(type_name)
    stated = {*of.names, *of.ignored, *(name for facet in of.facets for name in facet.names)}
    assert stated - set(schema.properties) == set()


def test_a_type_that_nothing_makes_is_not_supported() -> None:
    assert not providers.supported("AWS::Neptune::DBCluster")
    assert schemas.known("AWS::Neptune::DBCluster")
    assert not schemas.known("AWS::Nothing::AtAll")


def served(service: str, operation: str) -> bool:
    """Tell whether somebody answers an operation: this package, or moto."""
    if operation in services.HANDLERS.get(service, {}):
        return True
    if service in services.WHOLE:
        return False
    if service == "s3":
        model = models.operation("s3", operation)
        return moto_app.s3_serves(Target("", "", "s3", "s3", model, {}, "rest-xml"))
    module: ModuleType = importlib.import_module(f"moto.{MODULES.get(service, service)}.responses")
    method = camelcase_to_underscores(operation)
    return any(hasattr(each, method) for each in vars(module).values() if isinstance(each, type))
