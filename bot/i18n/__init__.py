"""The words that users read: one catalogue a language."""
