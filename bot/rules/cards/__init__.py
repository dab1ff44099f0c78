"""How events become cards: one file a family, each with `key`, `belongs` and `fold`."""
