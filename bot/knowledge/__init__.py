"""The curated FAQ: what it holds, how a message finds an entry, and when it finds none."""
