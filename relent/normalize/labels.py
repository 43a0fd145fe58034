"""The labels by which mails are sorted by hand, and which judgement is right for which.

Some who label are coarse and some are fine: ``bounce`` says less than ``bounce_policy``, and both may stand in one set.
"""

from relent.normalize.judgement import AUTO_REPLY, BOUNCE, REPLY, UNSUBSCRIBE, Judgement
from relent.terms.events import AutoReplyKind

_OOO = "ooo"
_BY_WORDS = "unsubscribe_words"
_OTHER_ANSWER = "auto_other"

BOUNCES = frozenset(("bounce_hard", "bounce_soft", "bounce_delayed", "bounce_policy"))
ANSWERS = frozenset(
    (
        *(_OOO, _OTHER_ANSWER),
        *("left_company", "address_changed", "acknowledgement", "challenge", "not_monitored"),
    )
)
PERSONS = frozenset((REPLY, _BY_WORDS))
_MACHINES = frozenset(("receipt", "complaint", "calendar", "list", UNSUBSCRIBE))

# Which names (see ``name``) a label is satisfied by. A refusal by policy is soft: it says nothing of the address.
SATISFIED_BY: dict[str, frozenset[str]] = {
    "bounce": BOUNCES,
    "bounce_hard": frozenset(("bounce_hard",)),
    "bounce_soft": frozenset(("bounce_soft", "bounce_policy")),
    "bounce_delayed": frozenset(("bounce_delayed",)),
    "bounce_policy": frozenset(("bounce_policy",)),
    "auto_reply": ANSWERS,
    **{name: frozenset((name,)) for name in ANSWERS},
    "out_of_office": frozenset((_OOO,)),
    # Anything that a machine sent and that is no bounce and no out of office.
    _OTHER_ANSWER: (ANSWERS - {_OOO}) | _MACHINES,
    "receipt": frozenset(("receipt",)),
    "complaint": frozenset(("complaint",)),
    "calendar": frozenset(("calendar",)),
    "list": frozenset(("list",)),
    UNSUBSCRIBE: frozenset((UNSUBSCRIBE, _BY_WORDS)),
    "own": frozenset(("own",)),
    "reply": PERSONS,
    "human": PERSONS,
    # Advertising and the like, of which no more is asked than that it is taken for no bounce and no automatic reply.
    "other": PERSONS | {"list", "calendar", "own", UNSUBSCRIBE},
}


def name(judgement: Judgement) -> str:
    """Return the finest label that ``judgement`` satisfies."""
    if judgement.kind == BOUNCE:
        return f"bounce_{judgement.subkind}"
    if judgement.kind == AUTO_REPLY:
        return {
            AutoReplyKind.OUT_OF_OFFICE.value: _OOO,
            AutoReplyKind.OTHER.value: _OTHER_ANSWER,
        }.get(judgement.subkind, judgement.subkind)
    if judgement.kind == UNSUBSCRIBE and judgement.subkind == "words":
        return _BY_WORDS
    return judgement.kind
