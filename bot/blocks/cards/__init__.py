"""How cards look: one file a family, each with `show`."""
