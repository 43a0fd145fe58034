"""What a delivery failure says of the address (RFC 3463), from its status code and the words beside it.

Codes are the first witness and words the second, because servers use codes loosely: ``5.7.1`` stands over "user
unknown", ``5.1.1`` over "message rejected as spam". Where the two disagree, the milder reading wins: a contact must not
lose an address over a doubt.
"""

import re

from relent.mail import bounce_phrases
from relent.terms.events import BounceKind

_LONGEST = 4096

_STATUS = re.compile(r"(?<![\d.])([245])\.(\d{1,3})\.(\d{1,3})(?![\d.])")
_ANSWER = re.compile(r"(?<![\d.])[45]\d\d[ \t-][^\n]*")
_SUBJECT_LINE = re.compile(r"^[> \t]*subject\s*:[^\n]*", re.IGNORECASE | re.MULTILINE)  # those words are the sender's
_REPLY_CODE = re.compile(r"(?<![\d.])([45])\d\d(?=[ \t\-:)>]|$)")

# What servers write, in the order of trust: the first list that matches is what the words say.
_MILDER = (BounceKind.SOFT, BounceKind.POLICY)

# RFC 3463 sections 3.2 to 3.8, for class 5. What is not listed is judged by its subject, below.
_DETAILS: dict[tuple[int, int], BounceKind] = {
    (1, 4): BounceKind.SOFT,  # ambiguous: the server could not choose, which is not the address's end
    (1, 7): BounceKind.POLICY,  # the sender's address, hence ours
    (1, 8): BounceKind.POLICY,
    (2, 2): BounceKind.SOFT,  # mailbox full
    (2, 3): BounceKind.POLICY,  # this mail is too large
    (2, 4): BounceKind.SOFT,  # a list could not be expanded
    (3, 1): BounceKind.SOFT,
    (3, 2): BounceKind.SOFT,
    (3, 3): BounceKind.SOFT,
    (3, 4): BounceKind.POLICY,  # too large for the system
    (3, 5): BounceKind.SOFT,
    (4, 2): BounceKind.SOFT,
    (4, 3): BounceKind.SOFT,
    (4, 5): BounceKind.POLICY,  # congestion; Gmail's "daily sending limit exceeded"
    (4, 6): BounceKind.SOFT,  # a routing loop
    (4, 7): BounceKind.SOFT,  # given up for age
    (4, 14): BounceKind.SOFT,
    (4, 300): BounceKind.SOFT,
    (5, 3): BounceKind.SOFT,  # too many recipients
}
# Sections 3.1 to 3.8: what the middle number is about, where the last says nothing more.
_SUBJECTS = {
    0: BounceKind.HARD,
    1: BounceKind.HARD,  # the address
    2: BounceKind.HARD,  # the mailbox
    3: BounceKind.SOFT,  # the receiving system
    4: BounceKind.HARD,  # the way there: no host, no route; what may pass is listed above
    5: BounceKind.SOFT,  # the conversation of two servers
    6: BounceKind.POLICY,  # the content
    7: BounceKind.POLICY,  # security and policy
}
# Codes too general to say anything by themselves; the words beside them decide first.
_GENERAL = {(0, 0), (1, 0), (2, 0), (3, 0), (4, 0), (4, 1), (5, 0), (5, 1), (5, 2), (5, 4)}


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
        # Given up for a reason that may pass. Only plain words make more of it: no retry finds an unknown user.
        return BounceKind.HARD if said is BounceKind.HARD and detail in _GENERAL | {(1, 1), (1, 2)} else BounceKind.SOFT
    if detail in _GENERAL:
        return said or _SUBJECTS.get(detail[0], BounceKind.HARD)
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
    words = words[:_LONGEST]
    # What the refusing server said counts before what is said about it.
    answers = "\n".join(_ANSWER.findall(words))
    return (_meaning(answers) if answers else None) or _meaning(_SUBJECT_LINE.sub("", words))


def _meaning(words: str) -> BounceKind | None:
    if bounce_phrases.FULL.search(words):
        return BounceKind.SOFT
    if bounce_phrases.UNKNOWN.search(words):
        return BounceKind.HARD
    if bounce_phrases.OURS.search(words):
        return BounceKind.POLICY
    if bounce_phrases.PASSING.search(words):
        return BounceKind.SOFT
    return None


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
    code = _REPLY_CODE.search(words)
    return BounceKind.HARD if code and code[1] == "5" else BounceKind.SOFT
