"""Addresses of pictures of charts: signed, and good for a while."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.core.signing import Signer
from bot.summary.week import Week

CHART, ENDING = "/summary/chart/", ".png"
LASTS = timedelta(days=30)
"""How long a picture can be fetched: as long as anybody looks back at a summary."""


@dataclass(frozen=True)
class ChartKey:
    """Names one chart of a summary that was sent, and the language to write it in."""

    week: Week
    audience: str
    name: str
    language: str


@dataclass(frozen=True)
class Links:
    """Makes and reads the addresses; `base` is where the server is reached from outside."""

    base: str
    secret: str

    def chart(self, key: ChartKey, now: datetime) -> str:
        until = int((now + LASTS).timestamp())
        value = [str(key.week), key.audience, key.name, key.language, until]
        return f"{self.base.rstrip('/')}{CHART}{self._signer.token(value)}{ENDING}"

    def chart_of(self, token: str, now: datetime) -> ChartKey | None:
        """Return which chart a token is of; None when we did not make it, or it is too old."""
        match self._signer.read(token):
            case [str(week), str(audience), str(name), str(language), int(until)]:
                fresh = now.timestamp() <= until
                return ChartKey(Week.read(week), audience, name, language) if fresh else None
            case _:
                return None

    @property
    def _signer(self) -> Signer:
        return Signer(self.secret, CHART)
