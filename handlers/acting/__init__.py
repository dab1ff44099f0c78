"""Carrying acts out for people: shown before, done once, looked at afterwards, told, taken back."""
