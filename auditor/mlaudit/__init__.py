"""Audit machine-learning systems on AWS against a maturity checklist, with evidence."""

__version__ = "0.1.0"
