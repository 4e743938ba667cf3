"""CloudFormation templates, compiled from a manifest: one stack for each thing deployed alone."""
