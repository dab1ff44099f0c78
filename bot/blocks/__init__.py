"""The words: Block Kit as pure functions from values to values."""
