"""One address on several contacts: a bad import, or two people behind one mailbox. A mail from it concerns all of them;
whether they are one person, only a person can say."""

from datetime import datetime
from itertools import combinations

from relent.decide.facts import ActorFacts
from relent.flows import reviews
from relent.records import models
from relent.terms.reviews import ReviewKind

# An address as info@ may stand on hundreds of contacts: so many are asked about, as one merge leads to the next.
_AT_MOST = 4


def ask(actor: ActorFacts, item: models.InboundItem, now: datetime) -> None:
    """Ask about each pair of the contacts whose address wrote ``item``, once for each pair."""
    if len(actor.contact_ids) < 2:
        return
    for lowest, highest in combinations(sorted(actor.contact_ids)[:_AT_MOST], 2):
        reviews.open_item(
            ReviewKind.SAME_ADDRESS,
            f"{lowest}:{highest}",
            now,
            contact_id=lowest,
            item=item,
            proposal={"other": highest, "address": item.sender},
        )
