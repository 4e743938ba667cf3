"""What is relied on in moto, so that an upgrade that changes it is noticed."""

from __future__ import annotations

import sys
from datetime import UTC, datetime

import moto
import moto.core.utils
from moto.core.utils import camelcase_to_underscores
from moto.s3.responses import S3Response
from moto.sagemaker.responses import SageMakerResponse

from mlaudit.emulator import clock, models, moto_app
from mlaudit.emulator.sagemaker import HANDLERS, naming

# Operations that moto has of its own and this package does not answer, so nobody does.
LEFT_TO_NOBODY = {
    "DescribeClusterNode",
    "ListClusterNodes",
}
NATIVE_OPERATIONS = 114


def test_moto_has_the_sagemaker_operations_it_had() -> None:
    names = naming.MODEL.operation_names if naming.MODEL else []
    native = {name for name in names if hasattr(SageMakerResponse, camelcase_to_underscores(name))}
    assert len(native) == NATIVE_OPERATIONS
    assert native - set(HANDLERS) == LEFT_TO_NOBODY


def test_most_of_sagemaker_is_answered() -> None:
    names = naming.MODEL.operation_names if naming.MODEL else []
    answered = [name for name in names if name in HANDLERS]
    assert len(answered) >= 325


def test_moto_is_the_version_that_was_examined() -> None:
    assert moto.__version__.startswith("5.2.")


def test_the_handlers_of_buckets_are_named_as_expected() -> None:
    assert hasattr(S3Response, "get_bucket_versioning")
    assert not hasattr(S3Response, "get_bucket_intelligent_tiering_configuration")


def test_modules_of_moto_ask_our_clock() -> None:
    moto_app.keep_time()
    moment = datetime(2020, 1, 1, tzinfo=UTC)
    with clock.at(moment):
        assert sys.modules["moto.s3.models"].utcnow() == moment.replace(tzinfo=None)
        assert moto.core.utils.utcnow() == moment.replace(tzinfo=None)


def test_signing_names_lead_to_their_services() -> None:
    assert models.signed_as("airflow") == ("mwaa",)
    assert models.signed_as("s3") == ("s3",)
    assert models.signed_as("no-such-service") == ()
