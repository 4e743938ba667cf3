"""Everything the author of a check imports."""

from mlaudit.catalog import check
from mlaudit.evidence import Evidence, decide, every_part, exists, for_all
from mlaudit.model import Grade, Observation, Status, Verdict, Waste

__all__ = [
    "Evidence",
    "Grade",
    "Observation",
    "Status",
    "Verdict",
    "Waste",
    "check",
    "decide",
    "every_part",
    "exists",
    "for_all",
]
