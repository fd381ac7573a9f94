"""Vraagbaak: a teacher asks, the FAQ answers, and a coach nearby does the rest."""
