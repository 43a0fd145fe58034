"""Which enrollment an event is about, and how we know.

The order of knowing, surest first: the mail names one of our Message-IDs, or the one that the provider gave it; it lies
in the provider's thread of ours; it comes from the enrolled address; from an address that a rule joins to the contact
(a further or former address of the record, a plus tag, Gmail's dots, ``Sender:``); from a contact of the same company.
A domain in common joins nobody: it only asks a person.
"""

from dataclasses import dataclass
from enum import StrEnum

from relent.decide.facts import ActorFacts, EnrollmentFacts, SentMail, Workplaces
from relent.decide.policy import Policy
from relent.terms import addresses
from relent.terms.addresses import AliasRule
from relent.terms.events import Complained, Evidence, MailEvent, MeetingBooked, PersonWrote
from relent.terms.evidence import EvidenceKind


class Known(StrEnum):
    """How an address is known to be the contact's."""

    ENROLLED = EvidenceKind.ENROLLED_ADDRESS.value
    SECONDARY = EvidenceKind.SECONDARY_ADDRESS.value
    FORMER = EvidenceKind.FORMER_ADDRESS.value
    PLUS = EvidenceKind.PLUS_RULE.value
    DOTS = EvidenceKind.DOTS_RULE.value
    SENT_FOR = EvidenceKind.SENT_FOR.value


@dataclass(frozen=True, slots=True, kw_only=True)
class Connection:
    """How an event and an enrollment belong together.

    ``answers`` is the sent mail that a mail names, ``sender_known`` the way its sender is known to be the contact.
    ``colleague`` is set where it is only somebody of the same company who acted, with the sequences in which that
    counts already; ``same_domain`` where nothing but the domain is in common. ``stranger``: the sender's address
    stands on no record.
    """

    answers: SentMail | None = None
    sender_known: Known | None = None
    colleague: ActorFacts | None = None
    same_domain: bool = False
    stranger: bool = False
    evidence: tuple[Evidence, ...] = ()

    @property
    def is_the_contacts(self) -> bool:
        """Whether it is about this contact: not only about a colleague, or somebody of the same domain."""
        return self.answers is not None or self.sender_known is not None


# An event that names its enrollment itself: an unsubscribe link, a user's click, a refused send.
DIRECT = Connection()


def connect(event: MailEvent, enrollment: EnrollmentFacts, actor: ActorFacts, policy: Policy) -> Connection | None:
    """Return how ``event`` concerns ``enrollment``, or ``None`` where nothing but a guess would join them."""
    answers, named = _answered(event, enrollment)
    known, matched = _sender(event, enrollment)
    if isinstance(event, Complained) and answers is None:
        # Whoever sends a report of abuse is not the one who complained: the sender's name alone suppresses nobody.
        return Connection(evidence=(Evidence(known, matched),)) if known is not None else None
    if answers is None and known is None:
        if not isinstance(event, PersonWrote):
            return None
        return colleague(actor, enrollment, policy) or _same_domain(event, enrollment, actor)
    evidence: list[Evidence] = []
    if answers is not None:
        evidence.append(named)
    if known is not None:
        evidence.append(Evidence(known, matched))
    stranger = known is None and not actor.contact_ids
    return Connection(answers=answers, sender_known=known, stranger=stranger, evidence=tuple(evidence))


def connect_meeting(event: MeetingBooked, enrollment: EnrollmentFacts, actor: ActorFacts, policy: Policy) -> Connection:
    """Return how a meeting concerns ``enrollment``: the contact's own, a colleague's, or nobody's we know."""
    its_own = enrollment.contact_id in event.contact_ids | actor.contact_ids
    for address in sorted({event.booked_by, *event.attendees} - {""}):
        known, matched = _known(address, enrollment)
        if known is not None:
            return Connection(sender_known=known, evidence=(Evidence(known, matched),))
    if its_own:
        return Connection(sender_known=Known.ENROLLED, evidence=(Evidence(EvidenceKind.MEETING, "associated"),))
    if found := colleague(actor, enrollment, policy):
        return found
    domain = addresses.domain(enrollment.address)
    booked_from = addresses.domain(event.booked_by) if event.booked_by else ""
    if booked_from == domain and not addresses.is_free_mail(domain):
        return Connection(same_domain=True, evidence=(Evidence(EvidenceKind.SAME_DOMAIN, domain),))
    return DIRECT


def colleague(actor: ActorFacts, enrollment: EnrollmentFacts, policy: Policy) -> Connection | None:
    """Return the connection through a company that both are associated with; ``None`` where there is none."""
    if not actor.contact_ids or enrollment.contact_id in actor.contact_ids:
        return None
    shared = _counting(actor.workplaces, policy) & _counting(enrollment.workplaces, policy)
    if not shared:
        return None
    evidence = Evidence(EvidenceKind.SAME_COMPANY, ", ".join(f"company {pk}" for pk in sorted(shared)))
    return Connection(colleague=actor, evidence=(evidence,))


def _counting(workplaces: Workplaces, policy: Policy) -> frozenset[int]:
    return workplaces.every if policy["company_scope"] == "any" else workplaces.primary


def _same_domain(event: MailEvent, enrollment: EnrollmentFacts, actor: ActorFacts) -> Connection | None:
    """Only of somebody who is no contact, for whoever is one works where the record says; and of one who writes anew:
    who answers a mail to somebody else answers for that one."""
    domain = addresses.domain(event.sender)
    if actor.contact_ids or actor.sequence_ids or not domain or domain != addresses.domain(enrollment.address):
        return None
    if addresses.is_free_mail(domain):
        return None
    return Connection(same_domain=True, evidence=(Evidence(EvidenceKind.SAME_DOMAIN, domain),))


def reached_somebody(event: MailEvent, identities: frozenset[str]) -> bool:
    """Whether the mail was addressed or delivered to one of ``identities``."""
    return not identities.isdisjoint(event.recipients)


def is_to_the_contact(event: MailEvent, enrollment: EnrollmentFacts) -> bool:
    """Whether a mail of ours went to the contact."""
    return any(_known(recipient, enrollment)[0] is not None for recipient in event.recipients)


def is_for(failed_recipient: str, mail: SentMail) -> bool:
    """Whether a delivery report about ``failed_recipient`` is about the one whom ``mail`` went to.

    An unnamed recipient is taken to be ours: our mails have one recipient each.
    """
    return not failed_recipient or addresses.alias_rule(failed_recipient, mail.recipient) is not None


def _answered(event: MailEvent, enrollment: EnrollmentFacts) -> tuple[SentMail | None, Evidence]:
    # refers_to starts with In-Reply-To, so the mail directly answered is credited, not the oldest of its thread.
    for message_id in event.refers_to:
        for mail in enrollment.sent:
            if message_id in mail.message_ids:
                return mail, Evidence(EvidenceKind.NAMES_OURS, f"step {mail.position}: <{message_id}>")
    if event.thread:
        for mail in reversed(enrollment.sent):
            if mail.thread == event.thread:
                return mail, Evidence(EvidenceKind.THREAD, f"step {mail.position}: {event.thread}")
    return None, Evidence(EvidenceKind.NAMES_OURS, "")


def _sender(event: MailEvent, enrollment: EnrollmentFacts) -> tuple[Known | None, str]:
    known, matched = _known(event.sender, enrollment)
    if known is None and event.sent_for and _known(event.sent_for, enrollment)[0] is not None:
        return Known.SENT_FOR, f"{event.sender} for {event.sent_for}"
    return known, matched


def _known(sender: str, enrollment: EnrollmentFacts) -> tuple[Known | None, str]:
    best: tuple[Known | None, str] = (None, "")
    further = sorted(enrollment.other_addresses | enrollment.former_addresses)
    for address in (enrollment.address, *further):
        match addresses.alias_rule(sender, address):
            case AliasRule.SAME:
                return _held_as(address, enrollment), f"{sender} = {address}"
            case AliasRule.PLUS:
                best = best if best[0] else (Known.PLUS, f"{sender} = {address}")
            case AliasRule.DOTS:
                best = best if best[0] else (Known.DOTS, f"{sender} = {address}")
            case _:
                pass
    return best


def _held_as(address: str, enrollment: EnrollmentFacts) -> Known:
    if address == enrollment.address:
        return Known.ENROLLED
    return Known.SECONDARY if address in enrollment.other_addresses else Known.FORMER
