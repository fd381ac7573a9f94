"""The terminal: who sits at it, what they have before them, and what arrives for them."""
