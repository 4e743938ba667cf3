"""What the pipeline offers somebody who lacks items of the checklist: what to deploy, and why not.

Nothing here calls AWS. ``drafts`` says what a system may become, ``choosing`` what of it is turned
on, ``parts`` what its stacks are, and ``limits`` what stays out of reach.
"""

from mlaudit_reference.offers.choosing import Aim, System, choose
from mlaudit_reference.offers.drafts import (
    Draft,
    Person,
    derived,
    grown_from,
    is_name,
    name_for,
    taken,
)
from mlaudit_reference.offers.limits import unreachable
from mlaudit_reference.offers.parts import Part, Upload, exercise, files_of, parts_of

__all__ = [
    "Aim",
    "Draft",
    "Part",
    "Person",
    "System",
    "Upload",
    "choose",
    "derived",
    "exercise",
    "files_of",
    "grown_from",
    "is_name",
    "name_for",
    "parts_of",
    "taken",
    "unreachable",
]
