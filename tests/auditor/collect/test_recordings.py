"""The recorded replies are what AWS could have answered, and answer everything mlaudit asks."""

from typing import Any

import botocore.session
import pytest
from botocore.validate import ParamValidator

from mlaudit.collect.operation import Operation
from mlaudit.collect.plan import declared_operations


@pytest.fixture(scope="module")
def core() -> Any:
    return botocore.session.get_session()


def test_replies_fit_the_shapes_of_the_service_models(core: Any, recordings: Any) -> None:
    for each in recordings:
        service, _, name = each.call.partition(":")
        model = core.get_service_model(service).operation_model(name)
        errors = ParamValidator().validate(each.reply, model.output_shape)
        assert not errors.has_errors(), f"{each.call} {each.asked}: {errors.generate_report()}"


def test_questions_fit_the_shapes_of_the_service_models(core: Any, recordings: Any) -> None:
    for each in recordings:
        service, _, name = each.call.partition(":")
        model = core.get_service_model(service).operation_model(name)
        assert each.asked.keys() <= model.input_shape.members.keys(), each.call


def _ids(operation: Operation) -> str:
    return operation.id


@pytest.mark.parametrize("operation", declared_operations(), ids=_ids)
def test_every_operation_has_an_answer(operation: Operation, recordings: Any) -> None:
    computed = {"cloudwatch:GetMetricData"}
    assert operation.id in {each.call for each in recordings} | computed
