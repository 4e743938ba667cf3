"""Interfaces for the world outside: API Gateway and the firewall before it."""

from __future__ import annotations

from collections.abc import Mapping

from mlaudit.emulator.cloudformation.rows import Row

ROWS: Mapping[str, Row] = {}
