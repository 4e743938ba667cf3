"""From an audit to a better one: plan, price, rehearse, apply, verify, undo."""
