"""Files for the repository of a system: how a change reaches production, through the gate."""
