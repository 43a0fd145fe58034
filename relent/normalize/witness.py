"""What a text classifier adds to a reading, where one is configured: one more witness, who decides nothing.

It is heard only where the rules say that a person wrote, and all it can do is to ask for a second look. It makes no
mail automatic, keeps no reply from stopping a sequence, and ends no doubt that the rules have. It weighs how often
which characters stand side by side; nothing that a mail says can tell it what to do.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from math import exp
from typing import TypeVar

from relent.mail import ngrams, quoting
from relent.mail.message import Message
from relent.terms.events import Evidence, MailEvent, PersonWrote
from relent.terms.evidence import EvidenceKind

# From this score on a person should look.
ASKS_FROM = 0.8
# How sure a reading is at the most that the witness doubts; below `SURE` in `terms.events`.
DOUBTED = 0.75
_STEEPEST = 50.0

Told = TypeVar("Told", bound=MailEvent)


@dataclass(frozen=True, slots=True)
class Weights:
    """A trained classifier: the weight of each bucket of ``ngrams``, and what is added to their sum."""

    buckets: Sequence[float]
    bias: float


def score(weights: Weights, text: str) -> float:
    """Return how likely a machine wrote ``text``, from 0 to 1 (logistic regression); ½ where there are no words."""
    found = ngrams.of(text)
    if not found:
        return 0.5
    total = weights.bias + sum(weights.buckets[bucket] * weight for bucket, weight in found.items())
    return 1 / (1 + exp(-min(max(total, -_STEEPEST), _STEEPEST)))


def heard(event: Told, message: Message, weights: Weights) -> Told:
    """Return ``event`` with what the classifier says of the sender's own words as evidence; and, where it takes them
    for a machine's, with less confidence. What kind of event it is never changes."""
    if not isinstance(event, PersonWrote):
        return event
    automatic = score(weights, quoting.written(message.text))
    evidence = (*event.evidence, Evidence(EvidenceKind.CLASSIFIER, f"{automatic:.2f} automatic"))
    sure = min(event.confidence, DOUBTED) if automatic >= ASKS_FROM else event.confidence
    return replace(event, evidence=evidence, confidence=sure)
