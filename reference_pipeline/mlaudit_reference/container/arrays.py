"""The kinds of arrays that are passed around."""

from __future__ import annotations

import numpy as np
import numpy.typing as npt

Floats = npt.NDArray[np.float64]
"""One number a record; NaN where it is missing."""

Flags = npt.NDArray[np.bool_]
"""Yes or no for each record."""

Matrix = npt.NDArray[np.float32]
"""One row a record, as models see it: records x width."""
