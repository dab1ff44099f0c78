"""Tools for the documents."""
