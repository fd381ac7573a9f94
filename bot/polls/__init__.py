"""Polls: asked in rounds, answered in one tap, and counted without anybody being seen."""
