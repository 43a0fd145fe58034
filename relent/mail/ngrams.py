"""A text as numbers: how often which few characters stand side by side in it, for a text classifier to weigh.

Each run of two to four characters of the bare words is hashed into one of ``BUCKETS`` places (CRC-32), so that no list
of words needs to be kept and no language is left out: the hashing trick (Weinberger et al., "Feature Hashing for Large
Scale Multitask Learning", 2009). What a mail says is counted here and nothing else; no word of it means anything.
"""

from collections import Counter
from math import log, sqrt
from zlib import crc32

from relent.mail.notes import words

BUCKETS = 1 << 16
SIZES = (2, 3, 4)
MOST = 2000  # characters of a text that are counted; a note says in its first lines what it is


def of(text: str) -> dict[int, float]:
    """Return the weight of each bucket that occurs in ``text``; the squares of all add up to 1. Empty for no words."""
    bare = words.bare(text[:MOST])[:MOST]
    if not bare.strip():
        return {}
    counted = Counter(
        crc32(bare[start : start + size].encode("utf-8", "replace")) % BUCKETS
        for size in SIZES
        for start in range(len(bare) - size + 1)
    )
    weights = {bucket: 1 + log(count) for bucket, count in counted.items()}
    length = sqrt(sum(weight * weight for weight in weights.values()))
    return {bucket: weight / length for bucket, weight in weights.items()}
