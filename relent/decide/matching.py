"""Which enrollment an event is about, and how we know.

The order of knowing, surest first: the mail names one of our Message-IDs; it comes from the enrolled address; it comes
from an address that a rule joins to the contact. A domain in common joins nobody.
"""

from dataclasses import dataclass
from enum import StrEnum

from relent.decide.facts import EnrollmentFacts, SentMail
from relent.terms import addresses
from relent.terms.addresses import AliasRule
from relent.terms.events import Evidence, MailEvent
from relent.terms.evidence import EvidenceKind


class Known(StrEnum):
    """How an address is known to be the contact's."""

    ENROLLED = EvidenceKind.ENROLLED_ADDRESS.value
    SECONDARY = EvidenceKind.SECONDARY_ADDRESS.value
    PLUS = EvidenceKind.PLUS_RULE.value
    DOTS = EvidenceKind.DOTS_RULE.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How a mail and an enrollment belong together.

    ``answers`` is the sent mail that the mail names, ``sender_known`` the way its sender is known to be the contact;
    for mail, one of them is there.
    """

    answers: SentMail | None = None
    sender_known: Known | None = None
    evidence: tuple[Evidence, ...] = ()


# An event that names its enrollment itself: an unsubscribe link, a user's click, a refused send.
DIRECT = Connection()


def connect(event: MailEvent, enrollment: EnrollmentFacts) -> Connection | None:
    """Return how ``event`` concerns ``enrollment``, or ``None`` where nothing but a guess would join them."""
    answers, named = _answered(event, enrollment)
    known, matched = _sender(event.sender, enrollment)
    if answers is None and known is None:
        return None
    evidence: list[Evidence] = []
    if answers is not None:
        evidence.append(Evidence(EvidenceKind.NAMES_OURS, f"step {answers.position}: <{named}>"))
    if known is not None:
        evidence.append(Evidence(known, f"{event.sender} = {matched}"))
    return Connection(answers=answers, sender_known=known, evidence=tuple(evidence))


def reached_somebody(event: MailEvent, identities: frozenset[str]) -> bool:
    """Whether the mail was addressed or delivered to one of ``identities``."""
    return not identities.isdisjoint(event.recipients)


def is_for(failed_recipient: str, mail: SentMail) -> bool:
    """Whether a delivery report about ``failed_recipient`` is about the one whom ``mail`` went to.

    An unnamed recipient is taken to be ours: our mails have one recipient each.
    """
    return not failed_recipient or addresses.alias_rule(failed_recipient, mail.recipient) is not None


def _answered(event: MailEvent, enrollment: EnrollmentFacts) -> tuple[SentMail | None, str]:
    # refers_to starts with In-Reply-To, so the mail directly answered is credited, not the oldest of its thread.
    for message_id in event.refers_to:
        for mail in enrollment.sent:
            if message_id in mail.message_ids:
                return mail, message_id
    return None, ""


def _sender(sender: str, enrollment: EnrollmentFacts) -> tuple[Known | None, str]:
    best: tuple[Known | None, str] = (None, "")
    for address in (enrollment.address, *sorted(enrollment.other_addresses)):
        match addresses.alias_rule(sender, address):
            case AliasRule.SAME:
                return (Known.ENROLLED if address == enrollment.address else Known.SECONDARY), address
            case AliasRule.PLUS:
                best = best if best[0] else (Known.PLUS, address)
            case AliasRule.DOTS:
                best = best if best[0] else (Known.DOTS, address)
            case _:
                pass
    return best
