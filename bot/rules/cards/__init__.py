"""How events become cards: one file a family, each with names, belongs, fold, items, listed, weight and final."""
