"""Words beside those of the examples: known by MiniLM, said by nobody here yet."""

from collections.abc import Iterable, Mapping, Set
from typing import Final

import torch
from torch import Tensor

#: Letters in the shortest of these words.
_SHORTEST: Final = 3
#: Words that may stand for another, and how near they must be to it: cosine.
_ALIKE: Final = 10
_NEAR: Final = 0.45


def rare_words(known: Mapping[str, int], learnt: Iterable[str], most: int) -> list[str]:
    """Whole words that are not among the `learnt` pieces, the commonest first: MiniLM's vocabulary has that order."""
    without = set(learnt)
    words = (word for word in sorted(known, key=known.__getitem__) if _is_word(word) and word not in without)
    return [word for word, _ in zip(words, range(most), strict=False)]


def like_words(
    texts: Iterable[str], embeddings: Tensor, known: Mapping[str, int], others: Set[str]
) -> dict[str, list[str]]:
    """For every word of `texts` those of `others` that MiniLM places nearest to it, itself left out."""
    words = sorted({word for text in texts for word in text.split() if _is_word(word) and word in known})
    candidates = sorted(word for word in others if _is_word(word))
    points = torch.nn.functional.normalize(embeddings[[known[word] for word in candidates]], dim=1)
    found = {}
    for word in words:
        nearness = points @ torch.nn.functional.normalize(embeddings[known[word]], dim=0)
        near, places = nearness.topk(_ALIKE + 1)
        chosen = [candidates[place] for place, how in zip(places.tolist(), near.tolist(), strict=True) if how > _NEAR]
        if rest := [one for one in chosen if one != word]:
            found[word] = rest
    return found


def _is_word(piece: str) -> bool:
    return len(piece) >= _SHORTEST and piece.isascii() and piece.isalpha()
