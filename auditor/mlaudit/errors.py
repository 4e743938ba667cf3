"""The errors a user sees: what went wrong, where, and what to do next."""


class MlauditError(Exception):
    """Base of every error of this package; its text is a complete message for the user."""
