"""Vectors with labels on disk."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest

from mlaudit_reference.container import vectors
from mlaudit_reference.container.failures import InputError


def test_vectors_come_back_bit_by_bit(tmp_path: Path) -> None:
    written = np.random.default_rng(0).standard_normal((50, 7)).astype(np.float32)
    labels = np.arange(50, dtype=np.float64) % 2
    vectors.write(tmp_path, labels, written)
    read_labels, read = vectors.read(tmp_path)
    assert read.tobytes() == written.tobytes()
    assert read_labels.tolist() == labels.tolist()


@pytest.mark.parametrize("text", ["", "1,x\n", "1,2\n1\n"])
def test_what_is_no_matrix_is_refused(tmp_path: Path, text: str) -> None:
    (tmp_path / "data.csv").write_text(text)
    with pytest.raises(InputError, match="no labels with vectors"):
        vectors.read(tmp_path)
