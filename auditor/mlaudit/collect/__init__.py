"""Read an AWS account, read-only, into a snapshot."""
