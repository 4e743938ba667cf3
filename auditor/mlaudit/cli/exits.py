"""What the exit status of a command means."""

from enum import IntEnum


class Exit(IntEnum):
    """The exit codes of every command; documented in the README, and stable."""

    OK = 0
    """Done; a gate is open."""
    BELOW = 1
    """A gate is closed, or a score is below its threshold."""
    USAGE = 2
    """The command was given something it cannot work with."""
    CANNOT_DECIDE = 3
    """A gate cannot be decided from what could be seen."""
    TOOL = 4
    """Nothing could be collected, or a check crashed."""
