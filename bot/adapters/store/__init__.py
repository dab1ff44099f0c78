"""The store adapter."""
