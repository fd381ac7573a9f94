"""Keeps what is to be said until it arrived: order in a conversation, leases, pace.

`adding` stores it, `changing` lets it say something else, `leasing` finds what is due (`lanes`: who
holds which conversation; `pace`: how fast), `outcomes` marks what became of it, and `listing` shows
it, tries it again and forgets it. `sql` is all of that in one class.
"""
