"""Forgets texts when their time is over. Figures stay."""
