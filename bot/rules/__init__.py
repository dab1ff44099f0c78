"""The rules: decisions as pure functions. No clock, no network, no disk."""
