"""What a delivery failure says of the address (RFC 3463), from its status code and the words beside it.

Codes are the first witness and words the second, because servers use codes loosely: ``5.7.1`` stands over "user
unknown", ``5.1.1`` over "message rejected as spam". Where the two disagree, the milder reading wins: a contact must not
lose an address over a doubt.
"""

import re
from functools import lru_cache

from relent.mail import phrases
from relent.mail.bounces import bounce_phrases, bounce_words
from relent.terms.events import BounceKind

_LONGEST = 4096

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_ANSWER = re.compile(r"(?<![\d.])[45]\d\d(?:[ \t-]|\n[ \t]+)[^\n]*(?:\n[ \t]+(?![45]\d\d[ -])[^\n]+){0,3}")
_SUBJECT_LINE = re.compile(r"^[> \t]*subject\s*:[^\n]*", re.IGNORECASE | re.MULTILINE)  # those words are the sender's
_ADDRESS = re.compile(r"[^\s<>@\"'(:]{1,64}@[\w.-]{1,255}")  # and so are those of an address: "spam@", "full@"
_REPLY_CODE = re.compile(r"(?<![\d.])([45])\d\d(?=[ \t\-:)>]|$)")

_TRANSACTION = re.compile(r"(?<![\d.])(552|554)(?=[ \t\-:)>]|$)")

_MILDER = (BounceKind.SOFT, BounceKind.POLICY)

# The registry of enhanced status codes (RFC 5248, IANA "SMTP Enhanced Status Codes") for class 5, and what Exchange
# Online adds to it ("Email non-delivery reports and SMTP errors", learn.microsoft.com). What is not listed is judged by
# its subject, below.
_DETAILS: dict[tuple[int, int], BounceKind] = {
    (1, 4): BounceKind.SOFT,  # ambiguous: the server could not choose, which is not the address's end
    (1, 7): BounceKind.POLICY,  # the sender's address, hence ours
    (1, 8): BounceKind.POLICY,
    (1, 9): BounceKind.POLICY,  # passed on to a server that does not speak the protocol (RFC 3886)
    (1, 20): BounceKind.POLICY,  # Exchange: several From addresses
    (1, 90): BounceKind.SOFT,  # Exchange: the sender's daily limit
    (2, 2): BounceKind.SOFT,  # mailbox full
    (2, 3): BounceKind.POLICY,  # this mail is too large
    (2, 4): BounceKind.SOFT,  # a list could not be expanded
    (2, 14): BounceKind.SOFT,  # Exchange: the recipient's server is set up wrongly
    (2, 121): BounceKind.SOFT,  # Exchange: the recipient receives too much at once
    (2, 122): BounceKind.SOFT,
    (3, 4): BounceKind.POLICY,  # too large for the system
    (3, 6): BounceKind.POLICY,  # the wished priority was changed (RFC 6710)
    (4, 2): BounceKind.SOFT,
    (4, 3): BounceKind.SOFT,
    (4, 5): BounceKind.POLICY,  # congestion; Gmail's "daily sending limit exceeded"
    (4, 6): BounceKind.SOFT,  # a routing loop
    (4, 7): BounceKind.SOFT,  # given up for age
    (4, 8): BounceKind.SOFT,
    (4, 14): BounceKind.SOFT,  # Exchange: hop count
    (4, 300): BounceKind.SOFT,  # Exchange: given up for age
    (4, 310): BounceKind.HARD,  # Exchange: the domain does not exist
    (4, 312): BounceKind.SOFT,  # Exchange: given up for age; the DNS did not answer
    (4, 316): BounceKind.SOFT,  # Exchange: given up for age; connection refused
    (4, 317): BounceKind.SOFT,
    (7, 17): BounceKind.HARD,  # the mailbox has changed hands (RFC 7293)
    (7, 18): BounceKind.HARD,  # the domain has
    (7, 19): BounceKind.SOFT,  # it is not known whether it has
    (7, 28): BounceKind.SOFT,  # a flood of mail (RFC 7372 and the registry)
}
# Sections 3.1 to 3.8: what the middle number is about, where the last says nothing more.
_SUBJECTS = {
    0: BounceKind.HARD,
    1: BounceKind.HARD,  # the address; 5.1.10 is a domain that takes no mail (RFC 7505)
    2: BounceKind.HARD,  # the mailbox; 5.2.1 is one that is disabled
    3: BounceKind.SOFT,  # the receiving system
    4: BounceKind.HARD,  # the way there: no host, no route; what may pass is listed above
    5: BounceKind.SOFT,  # the conversation of two servers
    6: BounceKind.POLICY,  # the content; 5.6.7 to 5.6.9 are ours that is not ASCII (RFC 6531)
    7: BounceKind.POLICY,  # security and policy
}
# Codes too general to say anything by themselves; the words beside them decide first. Exchange's 5.0.350 and 5.4.1
# ("Recipient address rejected: Access denied") are among them, and 5.1.0, which it uses for senders as well.
_GENERAL = {
    (0, 0),
    (1, 0),
    (2, 0),
    (3, 0),
    (4, 0),
    (4, 1),
    (4, 4),
    (5, 0),
    (5, 1),
    (5, 2),
    (5, 4),
    (5, 6),
    (0, 350),
    (0, 1),
}
# No retry finds an unknown user: under class 4 these may be final.
_MAY_BE_FINAL = _GENERAL | {(1, 1), (1, 2), (1, 10), (7, 1)}


def kind(action: str, status: str, words: str) -> BounceKind:
    """Judge one recipient's failure.

    ``action`` is RFC 3464's (section 2.3.3), ``status`` an enhanced status code or anything that holds one, ``words``
    the diagnostic text. Each may be empty.
    """
    words = words[:_LONGEST]
    if action == "delayed":
        return BounceKind.DELAYED
    code = _code(status, words)
    said = witness(words)
    if code is None:
        return said or _by_reply_code(words)
    detail = (int(code[2]), int(code[3]))
    if code[1] == "4":
        # Given up for a reason that may pass. Only plain words make more of it.
        return BounceKind.HARD if said is BounceKind.HARD and detail in _MAY_BE_FINAL else BounceKind.SOFT
    if detail in _GENERAL:
        return said or _by_transaction(words) or _SUBJECTS.get(detail[0], BounceKind.HARD)
    judged = _DETAILS.get(detail) or _SUBJECTS.get(detail[0], BounceKind.HARD)
    if judged is BounceKind.HARD:
        return said if said in _MILDER and _contradicts(detail, said) else judged
    # "5.7.1 user unknown": the code guards the server's politeness, the words are specific.
    return said if judged is BounceKind.POLICY and said in (BounceKind.HARD, BounceKind.SOFT) else judged


def says_nothing(status: str) -> bool:
    """Whether ``status`` leaves open why the delivery failed."""
    code = _STATUS.search(status)
    return code is None or (int(code[2]), int(code[3])) in _GENERAL


def witness(words: str) -> BounceKind | None:
    """Return what the words alone say, or ``None`` where they say nothing known."""
    words = _ADDRESS.sub("", words[:_LONGEST])
    # What the refusing server said counts before what is said about it.
    answers = "\n".join(_ANSWER.findall(words))
    return (_meaning(answers) if answers else None) or _meaning(_SUBJECT_LINE.sub("", words))


def answer(words: str) -> str:
    """Return what the refusing server said (RFC 5321 section 4.2), out of ``words`` around it; may be empty."""
    found = _ANSWER.search(words[:_LONGEST])
    return found[0] if found else ""


def reason(text: str) -> tuple[int, int] | None:
    """Return where in ``text`` the words stand that say why, or ``None``."""
    text = text[:_LONGEST]
    met = _PHRASES.met(text)
    if not met:
        return None
    surest = _MEANS[met[0]]
    found = _PHRASES.first(text, [index for index in met if _MEANS[index] is surest])
    return found and found.span()


# In the order of trust: who was refused for its sender is not unknown, a full mailbox exists, and a filter that names
# itself never looked for the user.
_MEANINGS = (
    (bounce_phrases.SENDER, BounceKind.POLICY),
    (bounce_phrases.FULL, BounceKind.SOFT),
    (bounce_phrases.BUSY, BounceKind.SOFT),
    (bounce_phrases.FILTERED, BounceKind.POLICY),
    (bounce_phrases.UNKNOWN, BounceKind.HARD),
    (bounce_phrases.OURS, BounceKind.POLICY),
    (bounce_phrases.PASSING, BounceKind.SOFT),
)


# All of them in one pass over the words, and what each phrase means.
_PHRASES = phrases.Listed(*(phrase for listed, _ in _MEANINGS for phrase in listed))
_MEANS = [meaning for meaning in _MEANINGS for phrase in meaning[0] for _ in phrases.alternatives(phrase)]


@lru_cache(maxsize=32)  # of one mail the same words are asked several times
def _meaning(words: str) -> BounceKind | None:
    met = _PHRASES.met(words)
    return _MEANS[met[0]][1] if met else None


def status_in(text: str) -> str:
    """Return the first enhanced status code in ``text``, or an empty string."""
    code = _STATUS.search(text[:_LONGEST])
    return code[0] if code else ""


def _code(status: str, words: str) -> re.Match[str] | None:
    """Return the code that says most: the stated one, unless it is a mere "failed" and the words hold a better one."""
    stated, found = _STATUS.search(status), _STATUS.search(words)
    return found if found and (stated is None or stated[0].endswith(".0.0")) else stated


def _contradicts(detail: tuple[int, int], said: BounceKind) -> bool:
    """Whether words overrule a specific code. "User unknown" codes stand against "try again", not against "quota"
    or "blocked as spam"."""
    return said is BounceKind.POLICY or detail[0] in (1, 2, 4)


def _by_reply_code(words: str) -> BounceKind:
    """Judge what names no reason: by the answer's digits (RFC 5321 section 4.2), else by whether it was final."""
    if judged := _by_transaction(words):
        return judged
    code = _REPLY_CODE.search(words)
    final = code[1] == "5" if code else bounce_words.FINAL.are_in(words) or bounce_words.BODY.are_in(words)
    return BounceKind.HARD if final else BounceKind.SOFT


def _by_transaction(words: str) -> BounceKind | None:
    """Judge the two replies that are not about the address (RFC 5321 section 4.2.3): no storage, transaction failed."""
    code = _TRANSACTION.search(words)
    return None if code is None else BounceKind.SOFT if code[1] == "552" else BounceKind.POLICY
