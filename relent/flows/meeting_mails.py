"""Mails about booked meetings: to whom booked, and to the host.

Each is written down, with its final bytes and Message-ID, in the transaction that books, moves or cancels the meeting.
The host's mailbox hands it over in its next turn, in which nobody else can: the row says ``sending`` before the first
byte leaves, and one that a dead worker left so is ``unknown`` and not sent again. A meeting stands in the visitor's
browser with a calendar file to take along, so a mail lost is better than two. It waits for no limit of the mailbox: it
answers somebody who waits for it.
"""

import logging
import secrets
from dataclasses import dataclass
from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

from relent.flows import copies, sessions, wake
from relent.flows.inbound import Clock
from relent.mail import compose, invitations, message_ids
from relent.mail.invitations import Invite, Party
from relent.records import models
from relent.terms import addresses
from relent.terms.invitations import InvitationLine as Line
from relent.terms.states import DeliveryState
from relent.transports.base import SendRefused, SendUncertain, TransportError

log = logging.getLogger(__name__)

_TRY_AGAIN = (timedelta(minutes=2), timedelta(minutes=15), timedelta(hours=1), timedelta(hours=4))
_AT_A_TIME = 20


@dataclass(frozen=True, slots=True, kw_only=True)
class Occasion:
    """Why a mail is written: the iTIP ``method``, whether the meeting only ``moved``, the ``note`` of whoever booked,
    and the address ``manage`` at which it can be changed."""

    method: str = "REQUEST"
    moved: bool = False
    note: str = ""
    manage: str = ""


def write(meeting: models.Meeting, host: models.User, occasion: Occasion, now: datetime) -> bool:
    """Write the mails to whoever booked ``meeting`` and to its host; false where the host has no mailbox to send them
    from. Called inside the transaction of what they tell."""
    mailbox = _mailbox_of(host)
    if mailbox is None:
        return False
    guest = Party(address=meeting.booked_by, name=_name_of_guest(meeting))
    organizer = Party(address=mailbox.address, name=host.name)
    for to, language, zone in (
        (guest, meeting.language, meeting.time_zone or host.time_zone),
        (organizer, host.language, host.time_zone),
    ):
        telling = _Telling(meeting, organizer, guest, language or "en", zone, to_host=to is organizer)
        draft = telling.draft(to, occasion, now)
        models.MeetingMail.objects.create(
            meeting=meeting,
            mailbox=mailbox,
            recipient=to.address,
            method=occasion.method,
            subject=draft.subject[:300],
            message_id=draft.message_id,
            raw=compose.compose(draft),
            due_at=now,
        )
    wake.request_turn(mailbox.pk)
    return True


def sender_of(host: models.User) -> str:
    """Return the address that invites in the name of ``host``."""
    mailbox = _mailbox_of(host)
    return mailbox.address if mailbox else host.email


def invite_of(meeting: models.Meeting, organizer: Party, about: str, now: datetime) -> Invite:
    """Return the meeting as calendars are told of it."""
    return Invite(
        uid=meeting.uid,
        title=meeting.title,
        starts=meeting.starts_at,
        ends=meeting.ends_at,
        time_zone=meeting.time_zone or "UTC",
        stamp=now,
        organizer=organizer,
        guests=(Party(address=meeting.booked_by, name=_name_of_guest(meeting)),),
        place=meeting.place,
        about=about,
        sequence=meeting.sequence_number,
    )


def download(meeting: models.Meeting, host: models.User, manage: str, now: datetime) -> bytes:
    """Return the meeting as a calendar file."""
    method = "CANCEL" if meeting.cancelled_at else "PUBLISH"
    about = Line.CHANGE.say(meeting.language).format(link=manage)
    return invitations.calendar(
        invite_of(meeting, Party(address=meeting.organizer or host.email, name=host.name), about, now), method
    )


def send_due(mailbox: models.Mailbox, clock: Clock) -> int:
    """Hand over what is due from ``mailbox``, whose lease is held; return how many left. Raises nothing of the
    transport's: what cannot leave now is tried again later, and keeps no step from leaving."""
    rows = models.MeetingMail.objects.filter(mailbox=mailbox)
    rows.filter(state=DeliveryState.SENDING).update(state=DeliveryState.UNKNOWN, answer="the worker was lost")
    sent = 0
    for row in rows.filter(state=DeliveryState.PLANNED, due_at__lte=clock()).order_by("due_at", "pk")[:_AT_A_TIME]:
        won = rows.filter(pk=row.pk, state=DeliveryState.PLANNED).update(
            state=DeliveryState.SENDING, attempts=row.attempts + 1
        )
        sent += bool(won) and _hand_over(row, mailbox, clock)
    return sent


def due(now: datetime) -> set[int]:
    """Return the ids of the mailboxes that have a mail to hand over at ``now``."""
    waiting = models.MeetingMail.objects.filter(
        state=DeliveryState.PLANNED, due_at__lte=now, mailbox__in=models.Mailbox.objects.in_use()
    )
    return set(waiting.values_list("mailbox_id", flat=True).distinct())


def next_due(now: datetime) -> datetime | None:
    """Return when the next mail is tried again after ``now``."""
    waiting = models.MeetingMail.objects.filter(state=DeliveryState.PLANNED, due_at__gt=now).order_by("due_at")
    return waiting.values_list("due_at", flat=True).first()


@dataclass(frozen=True, slots=True)
class _Telling:
    """One mail: who tells whom, in which language and zone."""

    meeting: models.Meeting
    host: Party
    guest: Party
    language: str
    zone: str
    to_host: bool

    def draft(self, to: Party, occasion: Occasion, now: datetime) -> compose.Draft:
        heading = Line.CANCELLED if occasion.method == "CANCEL" else Line.MOVED if occasion.moved else Line.BOOKED
        text = self._text(occasion)
        invite = invite_of(self.meeting, self.host, text, now)
        return compose.Draft(
            sender=self.host.address,
            sender_name=self.host.name,
            recipient=to.address,
            recipient_name=to.name,
            subject=self._say(heading, title=self.meeting.title, when=self._when()),
            text=text,
            date=now,
            message_id=message_ids.new(secrets.token_hex(16), addresses.domain(self.host.address)),
            calendar=invitations.calendar(invite, occasion.method),
            calendar_method=occasion.method,
        )

    def _text(self, occasion: Occasion) -> str:
        host, guest = self.host.name or self.host.address, self.guest.name or self.guest.address
        if occasion.method == "CANCEL":
            first = self._say(Line.CANCELLED_TEXT, host=host, guest=guest)
        elif occasion.moved:
            first = self._say(Line.MOVED_TEXT, host=host, guest=guest)
        elif self.to_host:
            first = self._say(Line.WITH_GUEST, guest=guest, address=self.guest.address)
        else:
            first = self._say(Line.WITH_HOST, host=host)
        lines = [first, "", self._say(Line.WHEN, when=self._when(), zone=self.zone)]
        if self.meeting.place:
            lines.append(self._say(Line.WHERE, place=self.meeting.place))
        if occasion.note:
            lines.append(self._say(Line.NOTE, note=occasion.note))
        if occasion.manage and occasion.method != "CANCEL":
            lines += ["", self._say(Line.CHANGE, link=occasion.manage)]
        return "\n".join(lines) + "\n"

    def _when(self) -> str:
        start = self.meeting.starts_at.astimezone(ZoneInfo(self.zone))
        end = self.meeting.ends_at.astimezone(ZoneInfo(self.zone))
        return f"{start:%Y-%m-%d %H:%M}–{end:%H:%M}"

    def _say(self, line: Line, **names: str) -> str:
        return line.say(self.language).format(**names)


def _mailbox_of(host: models.User) -> models.Mailbox | None:
    return models.Mailbox.objects.in_use().filter(user=host).order_by("pk").first()


def _name_of_guest(meeting: models.Meeting) -> str:
    return meeting.attendees.filter(address=meeting.booked_by).values_list("name", flat=True).first() or ""


def _hand_over(row: models.MeetingMail, mailbox: models.Mailbox, clock: Clock) -> bool:
    try:
        with sessions.sender(mailbox) as sender:
            answer = sender.send(mailbox.address, row.recipient, row.raw)
    except SendUncertain as error:
        return _settle(row, DeliveryState.UNKNOWN, str(error))
    except SendRefused as error:
        if error.permanent or row.attempts >= len(_TRY_AGAIN):
            return _settle(row, DeliveryState.REFUSED, str(error))
        return _later(row, error, clock())
    except TransportError as error:
        log.warning("a mail about meeting %s waits: %s", row.meeting_id, error)
        return _later(row, error, clock())
    models.MeetingMail.objects.filter(pk=row.pk).update(state=DeliveryState.SENT, sent_at=clock(), answer=answer[:1000])
    _file_copy(row, mailbox, clock())
    return True


def _settle(row: models.MeetingMail, state: DeliveryState, answer: str) -> bool:
    models.MeetingMail.objects.filter(pk=row.pk).update(state=state, answer=answer[:1000])
    return False


def _later(row: models.MeetingMail, error: TransportError, now: datetime) -> bool:
    wait = _TRY_AGAIN[min(row.attempts, len(_TRY_AGAIN) - 1)]
    models.MeetingMail.objects.filter(pk=row.pk).update(
        state=DeliveryState.PLANNED, due_at=now + wait, answer=str(error)[:1000]
    )
    return False


def _file_copy(row: models.MeetingMail, mailbox: models.Mailbox, now: datetime) -> None:
    """The host finds it under Sent; where that fails nothing hangs on it, the host has a copy in the inbox."""
    if not copies.are_owed_by_us(mailbox):
        return
    try:
        with sessions.reader(mailbox) as reader:
            reader.store_sent(row.raw, now)
    except TransportError as error:
        log.warning("no copy of the mail about meeting %s was filed: %s", row.meeting_id, error)
