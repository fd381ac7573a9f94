"""How a `Reply` looks: one module a kind of card."""
