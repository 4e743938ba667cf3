"""The code is packed the same each time, and lies where containers and functions look for it."""

from __future__ import annotations

import io
import tarfile
import zipfile

from mlaudit_reference import bundle


def names_in(archive: bytes) -> set[str]:
    with tarfile.open(fileobj=io.BytesIO(archive), mode="r:gz") as opened:
        return set(opened.getnames())


def test_equal_code_gives_equal_bytes() -> None:
    assert bundle.source_archive() == bundle.source_archive()
    assert bundle.functions_archive() == bundle.functions_archive()


def test_containers_and_functions_get_the_same_files() -> None:
    with zipfile.ZipFile(io.BytesIO(bundle.functions_archive())) as archive:
        assert set(archive.namelist()) == names_in(bundle.source_archive())


def test_entry_scripts_lie_at_the_top_and_the_rest_in_its_package() -> None:
    found = names_in(bundle.source_archive())
    assert {"preprocess.py", "train_xgboost.py", "mlaudit_reference/__init__.py"} <= found
    assert {name for name in found if "/" in name} == {
        name for name in found if name.startswith("mlaudit_reference/")
    }


def test_nothing_is_shipped_but_the_code_of_the_container() -> None:
    found = names_in(bundle.source_archive())
    assert not [name for name in found if "templates" in name or "__pycache__" in name]


def test_keys_name_the_content() -> None:
    assert bundle.source_key().startswith(bundle.code_prefix())
    assert bundle.functions_key().startswith(bundle.code_prefix())
