"""Enforce the gate inside an account: an approval that the gate does not bear out is withdrawn.

This is the only part of mlaudit that changes anything in AWS, and all it changes is the approval of
the one version an event names. It runs as a Lambda function; no command calls it.
"""
