"""How long a service asks to be left alone."""

from aiohttp import ClientResponse


def retry_after(answer: ClientResponse) -> float | None:
    """Return the seconds in `Retry-After`, if any; a date, which Teams never sends, is none."""
    value = answer.headers.get("Retry-After", "").strip()
    return float(value) if value.isascii() and value.isdigit() else None
