"""Enrollments into facts, as many at a time as are asked for: what was true of each when an event happened.

What it costs grows with the number of queries, not with the number of enrollments: a company-wide stop loads hundreds
at once.
"""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime

from relent.decide.facts import EnrollmentFacts, SentMail, Workplaces
from relent.decide.policy import Policy
from relent.records import facts, models
from relent.terms import addresses
from relent.terms.evidence import EvidenceKind
from relent.terms.reasons import EndReason
from relent.terms.states import DeliveryState, EnrollmentState, TaskState
from relent.terms.steps import TaskKind, Trigger

# A mail in one of these states may be in the contact's hands.
_MAY_HAVE_LEFT = [DeliveryState.SENDING, DeliveryState.SENT, DeliveryState.UNKNOWN, DeliveryState.REFUSED]
# What the rows must come with, so that no further query is made for each.
RELATED = ("version", "enrolled_by", "mailbox__user", "contact")


def of(row: models.Enrollment, event_at: datetime, recipients: Iterable[str] = ()) -> EnrollmentFacts:
    """Return the facts of one enrollment; see ``of_all``."""
    return of_all([row], event_at, recipients)[0]


def of_all(
    rows: Sequence[models.Enrollment],
    event_at: datetime,
    recipients: Iterable[str] = (),
    in_force: Policy | None = None,
) -> list[EnrollmentFacts]:
    """Return the facts of enrollments at ``event_at``, in the order of ``rows``. Of the account's addresses only those
    among ``recipients`` are loaded: nothing else is asked of them. ``in_force``: the account's policy at ``event_at``,
    where it is at hand."""
    ids, contacts = [row.pk for row in rows], {row.contact_id for row in rows}
    users = {row.enrolled_by_id for row in rows} | {row.mailbox.user_id for row in rows if row.mailbox.user_id}
    written = list(recipients)
    shared = facts.shared_among(written)
    any_user = facts.users_among(written) - shared
    held, companies = _addresses(contacts), _workplaces(contacts, event_at)
    since = _since(rows)
    triggers, identities = triggers_at(rows, event_at, in_force), _identities(users)
    sent, soft, tasks = _sent(rows), _mails_that_bounced_softly(ids, event_at), _with_an_open_mail_task(ids)
    return [
        EnrollmentFacts(
            id=row.pk,
            contact_id=row.contact_id,
            sequence_id=row.sequence_id,
            state=EnrollmentState(row.state),
            ended_for=EndReason(row.reason) if row.state == EnrollmentState.UNENROLLED else None,
            reason_at=row.reason_at,
            enrolled_at=since[row.pk],
            address=row.address,
            other_addresses=_held_at(held[row.contact_id], row.address, event_at),
            former_addresses=_given_up_by(held[row.contact_id], row.address, event_at),
            workplaces=companies.get(row.contact_id, Workplaces()),
            enroller_id=row.enrolled_by_id,
            sender_id=row.mailbox.user_id,
            enroller_addresses=identities[row.enrolled_by_id],
            sender_addresses=identities[row.mailbox.user_id or 0] | {row.mailbox.address},
            any_user_addresses=any_user,
            shared_addresses=shared,
            sent=sent.get(row.pk, ()),
            reply_trigger=Trigger(triggers[row.pk].reply_trigger),
            meeting_trigger=Trigger(triggers[row.pk].meeting_trigger),
            same_company=triggers[row.pk].same_company,
            mail_task_open=row.pk in tasks,
            time_zone=facts.calendar_of(row).time_zone,
            soft_bounces=soft[row.pk],
        )
        for row in rows
    ]


def _since(rows: Sequence[models.Enrollment]) -> dict[int, datetime]:
    """Since when what happens counts: one that took up another counts from the other's end, since nobody may have read
    what came between the two."""
    before = {row.predecessor_id for row in rows if row.predecessor_id is not None}
    ended = dict(models.Enrollment.objects.filter(pk__in=before).values_list("pk", "ended_at")) if before else {}
    return {row.pk: ended.get(row.predecessor_id or 0) or row.enrolled_at for row in rows}


def triggers_at(
    rows: Iterable[models.Enrollment], moment: datetime, in_force: Policy | None = None
) -> dict[int, models.SequenceVersion]:
    """Return for each enrollment the version whose triggers hold at ``moment``: the sequence's last one saved by then,
    or the one it is pinned to where changes concern new enrollments only."""
    rows = list(rows)
    if (in_force or facts.policy_at(moment))["trigger_changes"] == "new_only":
        return {row.pk: row.version for row in rows}
    saved = models.SequenceVersion.objects.filter(
        sequence_id__in={row.sequence_id for row in rows}, saved_at__lte=moment
    )
    latest = {version.sequence_id: version for version in saved.order_by("saved_at", "number")}
    return {row.pk: latest.get(row.sequence_id, row.version) for row in rows}


def workplaces_together(contact_ids: Iterable[int], moment: datetime) -> Workplaces:
    """Return the companies with which any of the contacts was associated at ``moment``."""
    each = _workplaces(contact_ids, moment).values()
    return Workplaces(
        primary=frozenset(pk for places in each for pk in places.primary),
        every=frozenset(pk for places in each for pk in places.every),
    )


def _workplaces(contact_ids: Iterable[int], moment: datetime) -> dict[int, Workplaces]:
    rows = models.ContactCompany.objects.at(moment).filter(contact_id__in=list(contact_ids))
    primary: dict[int, set[int]] = defaultdict(set)
    every: dict[int, set[int]] = defaultdict(set)
    columns = ("contact_id", "company_id", "company__domain", "primary")
    for contact_id, company_id, domain, is_primary in rows.values_list(*columns):
        if addresses.is_free_mail(domain):
            continue  # a company made of a free-mail domain would join people who never met
        every[contact_id].add(company_id)
        if is_primary:
            primary[contact_id].add(company_id)
    return {
        contact_id: Workplaces(primary=frozenset(primary[contact_id]), every=frozenset(companies))
        for contact_id, companies in every.items()
    }


_Held = list[tuple[str, datetime, datetime | None]]


def _addresses(contact_ids: Iterable[int]) -> Mapping[int, _Held]:
    found: dict[int, _Held] = defaultdict(list)
    rows = models.ContactAddress.objects.filter(contact_id__in=list(contact_ids))
    for contact_id, address, since, until in rows.values_list("contact_id", "address", "since", "until"):
        found[contact_id].append((address, since, until))
    return found


def _held_at(held: _Held, enrolled: str, moment: datetime) -> frozenset[str]:
    return frozenset(
        address
        for address, since, until in held
        if address != enrolled and since <= moment and (until is None or until > moment)
    )


def _given_up_by(held: _Held, enrolled: str, moment: datetime) -> frozenset[str]:
    return frozenset(
        address for address, _, until in held if address != enrolled and until is not None and until <= moment
    )


def _identities(user_ids: Iterable[int]) -> Mapping[int, frozenset[str]]:
    """Every address of each user: the one they sign in with, their aliases, and their mailboxes'."""
    ids = list(user_ids)
    found: dict[int, frozenset[str]] = defaultdict(frozenset)
    users = models.User.objects.filter(pk__in=ids).values_list("pk", "email")
    aliases = models.UserAddress.objects.filter(user_id__in=ids).values_list("user_id", "address")
    mailboxes = models.Mailbox.objects.filter(user_id__in=ids).values_list("user_id", "address")
    for user_id, address in users.union(aliases, mailboxes):
        if user_id is not None:
            found[user_id] |= {address}
    return found


def _sent(rows: Sequence[models.Enrollment]) -> dict[int, tuple[SentMail, ...]]:
    """The mails that left, or may have, in the order of their steps; those of the enrollment that was undone first."""
    heirs = _heirs(rows)
    left = models.Delivery.objects.filter(enrollment_id__in=heirs, message_id__isnull=False, state__in=_MAY_HAVE_LEFT)
    columns = ("pk", "enrollment_id", "position", "message_id", "provider_message_id", "recipient", "thread")
    mails = list(left.order_by("enrollment_id", "position").values_list(*columns))
    links: dict[int, set[str]] = defaultdict(set)
    of_these = models.DeliveryLink.objects.filter(delivery_id__in=[mail[0] for mail in mails]) if mails else None
    for delivery_id, link in of_these.values_list("delivery_id", "link") if of_these is not None else ():
        links[delivery_id].add(link)
    found: dict[int, list[SentMail]] = defaultdict(list)
    for pk, enrollment_id, position, message_id, provider_id, recipient, thread in mails:
        for heir in heirs[enrollment_id]:
            mail = SentMail(
                position=position,
                message_ids=frozenset({message_id or "", provider_id} - {""}),
                recipient=recipient,
                thread=thread,
                links=frozenset(links[pk]),
                inherited=heir != enrollment_id,
            )
            found[heir].append(mail)
    return {enrollment_id: tuple(mails_of) for enrollment_id, mails_of in found.items()}


def _heirs(rows: Sequence[models.Enrollment]) -> dict[int, set[int]]:
    """Which of the ``rows`` each enrollment's mails count for: itself, and the successors that took it up again."""
    heirs: dict[int, set[int]] = defaultdict(set)
    generation = {row.pk: (row.pk, row.predecessor_id) for row in rows}
    while generation:
        for heir, (current, _) in generation.items():
            heirs[current].add(heir)
        before = {predecessor for _, predecessor in generation.values() if predecessor is not None}
        parents = dict(models.Enrollment.objects.filter(pk__in=before).values_list("pk", "predecessor_id"))
        generation = {
            heir: (predecessor, parents.get(predecessor))
            for heir, (_, predecessor) in generation.items()
            if predecessor is not None
        }
    return heirs


def _with_an_open_mail_task(enrollment_ids: list[int]) -> frozenset[int]:
    tasks = models.Task.objects.filter(
        delivery__enrollment_id__in=enrollment_ids, kind=TaskKind.EMAIL, state=TaskState.OPEN
    )
    return frozenset(tasks.values_list("delivery__enrollment_id", flat=True))


def _mails_that_bounced_softly(enrollment_ids: list[int], moment: datetime) -> Mapping[int, int]:
    """Several reports may come about one mail: mails are counted, not reports."""
    reports = models.Decision.objects.filter(
        enrollment_id__in=enrollment_ids, rule__startswith="bounce.soft", event_at__lt=moment
    )
    mails = {
        (enrollment_id, seen)
        for enrollment_id, evidence in reports.values_list("enrollment_id", "evidence")
        for kind, seen in evidence
        if kind == EvidenceKind.NAMES_OURS
    }
    counted: dict[int, int] = defaultdict(int)
    for enrollment_id, _ in mails:
        counted[enrollment_id] += 1
    return counted
