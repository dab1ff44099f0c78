"""Alembic's folder: `env.py` runs the files in `versions/`, oldest first."""
