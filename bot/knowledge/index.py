"""Finds, among many texts, those that share rare terms with a query: tf-idf and cosine, in numpy."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
Ints = NDArray[np.int32]


@dataclass(frozen=True)
class TermIndex:
    """For each term the texts that hold it and its weight there, one after another in memory."""

    terms: Mapping[str, int]
    idf: Floats
    starts: NDArray[np.int64]
    texts: Ints
    weights: Floats
    size: int

    @classmethod
    def build(cls, texts: Sequence[Sequence[str]]) -> "TermIndex":
        """Index the terms of each text; a term counts 1 + log of how often it stands there."""
        terms: dict[str, int] = {}
        columns: list[int] = []
        rows: list[int] = []
        counts: list[int] = []
        for row, text in enumerate(texts):
            for term, count in Counter(text).items():
                columns.append(terms.setdefault(term, len(terms)))
                rows.append(row)
                counts.append(count)
        column, row_of = np.asarray(columns, np.int32), np.asarray(rows, np.int32)
        spread = np.bincount(column, minlength=len(terms))
        idf = np.log((1 + len(texts)) / (1 + spread)).astype(np.float32) + 1
        weight = (1 + np.log(np.asarray(counts, np.float32))) * idf[column]
        norm = np.sqrt(np.bincount(row_of, weight**2, minlength=len(texts)))
        unit = (weight / np.maximum(norm, 1e-9)[row_of]).astype(np.float32)
        order = np.argsort(column, kind="stable")
        return cls(
            terms=terms,
            idf=idf,
            starts=np.concatenate([[0], np.cumsum(spread)]),
            texts=row_of[order],
            weights=unit[order],
            size=len(texts),
        )

    def cosines(self, query: Mapping[str, float]) -> Floats:
        """Return a figure between 0 and 1 a text; terms that no text holds lower all of them."""
        known = [(self.terms[term], weight) for term, weight in query.items() if term in self.terms]
        if not known:
            return np.zeros(self.size, np.float32)
        unknown = sum(weight**2 for term, weight in query.items() if term not in self.terms)
        ids = np.fromiter((term for term, _ in known), np.int64, len(known))
        weight = (
            np.fromiter((weight for _, weight in known), np.float32, len(known)) * self.idf[ids]
        )
        rarest = float(np.log(1 + self.size)) + 1
        norm = np.sqrt(float((weight**2).sum()) + unknown * rarest**2)
        lengths = self.starts[ids + 1] - self.starts[ids]
        places = _ranges(self.starts[ids], lengths)
        parts = self.weights[places] * np.repeat(weight / norm, lengths)
        return np.bincount(self.texts[places], parts, minlength=self.size).astype(np.float32)


def _ranges(starts: NDArray[np.int64], lengths: NDArray[np.int64]) -> NDArray[np.int64]:
    """Return start, start + 1, … of each range, one range after another."""
    ends = np.cumsum(lengths)
    return np.arange(ends[-1]) + np.repeat(starts - ends + lengths, lengths)
