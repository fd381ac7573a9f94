"""Picks the sentence for one, which a catalogue has beside the one for more."""


def plural(key: str, count: int, *, none: bool = False) -> str:
    """Return the key of what is said of so many: `key_one` of one, and of none `key_none` if asked.

    The sentence for one names no number, so in both catalogues it reads as people say it.
    """
    if count == 0 and none:
        return f"{key}_none"
    return f"{key}_one" if count == 1 else key
