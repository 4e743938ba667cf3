"""Read checkouts of the team's code: what checks it, what tests it, and what a commit starts.

Nothing of a checkout ever runs. Pure functions make facts of the texts that were read.
"""

from mlaudit.probe.given import Checkout, checkouts, with_checkouts

__all__ = ["Checkout", "checkouts", "with_checkouts"]
