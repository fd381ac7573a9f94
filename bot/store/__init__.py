"""Keeps what the features know, in SQLite or PostgreSQL. Rows stay in here; values go out."""
