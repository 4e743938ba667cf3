"""Streaming on one machine: a source, a ledger, an output and a queue in memory, and trouble."""
