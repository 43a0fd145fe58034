"""From a mail to what happened."""

from collections.abc import Callable
from dataclasses import fields

from relent.mail import calendar_part, feedback, forwarded, lists, message_ids, reaction, receipt, unsubscribe
from relent.mail.bounces import bounce_text, challenge_report, dsn, mail_systems
from relent.mail.message import Message
from relent.mail.notes import auto_reply, notice
from relent.normalize.arrival import Arrival, Ours, Place, as_evidence, refers_to
from relent.terms.events import (
    SURE,
    AnyMailEvent,
    AutoReplied,
    AutoReplyKind,
    Bounced,
    BounceKind,
    CalendarMailed,
    Complained,
    Evidence,
    Failure,
    ListMailed,
    MailEvent,
    OwnCopySeen,
    PersonForwarded,
    PersonWrote,
    ReceiptReturned,
    UnsubscribeMailed,
)
from relent.terms.evidence import EvidenceKind

# What a mail can turn out to be. A mail that unsubscribes is obeyed as it is: there is nothing to match or to decide.
Reading = AnyMailEvent | UnsubscribeMailed


def read(message: Message, place: Place, ours: Ours) -> Reading:
    """Say what happened by this mail. Every mail is some event; none raises."""
    arrival = Arrival(message, place, ours)
    for test in _ORDER:
        if (event := test(arrival)) is not None:
            return event
    return _person(arrival)


def in_doubt(event: Reading) -> Reading:
    """Return the reading that a decision may rest on. What only words show to be automatic, and what holds nothing up,
    counts as a person's: to stop for it can be undone, to mail somebody who has answered cannot."""
    harmless = isinstance(event, AutoReplied) and event.kind in _HOLDS_NOTHING_UP
    if not harmless or event.confidence >= SURE:
        return event
    told = {field.name: getattr(event, field.name) for field in fields(MailEvent)}
    return PersonWrote(**told)


_HOLDS_NOTHING_UP = (
    AutoReplyKind.ACKNOWLEDGEMENT,
    AutoReplyKind.ADDRESS_CHANGED,
    AutoReplyKind.NOT_MONITORED,
    AutoReplyKind.OTHER,
)


# The order, and why. The first test that fits wins, and leaves as evidence what it saw.
#
# 1. Our own mail, by its sender or because it lies in a Sent folder: it proves nothing about the contact, whatever it
#    looks like. Headers alone cannot tell it: the copy of a rep's answer refers to our mail as the contact's would.
#    Only where one of us passes on somebody else's mail, that one wrote; and what our own server reports in an address
#    at our domain is no copy of anything.
# 2. Reports, by their structure: delivery reports, receipts, abuse reports. Before automatic replies, because reports
#    carry Auto-Submitted too. An empty envelope sender makes no report: automatic replies have it as well.
# 3. Bounces in plain words, which need a mail system's mark and a mail system's words; and the challenges of filters
#    that look like bounces. Where such words say that the mail did arrive, they are a receipt.
# 4. Calendar mail, by its method. Words that a person typed beside an answer are a person's.
# 5. A mail that unsubscribes by a token of ours, before its sender's program is looked at: it is a machine's mail, and
#    a person's wish.
# 6. A reaction sent from Gmail: one picture, but a person chose it.
# 7. Strong marks of an automatic reply: they win over whatever the text says.
# 8. Lists and bulk mail, unless the mail refers to one of ours: then somebody answers us by way of a list.
# 9. Weak marks, together with the sender's own words; then words alone, where nothing stands beside them that a person
#    would add.
# 10. Else a person wrote. In doubt between person and machine it is the person: a needless stop costs less than a mail
#    to somebody who has answered.


def _own_mail(arrival: Arrival) -> Reading | None:
    message, ours = arrival.message, arrival.ours
    seen = [Evidence(EvidenceKind.FOLDER, "sent")] if arrival.place.is_sent else []
    if message.sender in ours.addresses and not seen and _by_our_server(message):
        return None
    if message.sender in ours.addresses:
        seen.append(Evidence(EvidenceKind.HEADER, f"From: {message.sender}"))
        if not arrival.place.is_sent and (passed_on := _passed_on(arrival)) is not None:
            return passed_on
    if not seen:
        return None
    token = next((token for token in unsubscribe.offered(message) if token in ours.tokens), "")
    machine = message.content_type == "multipart/report" or auto_reply.strong_marks(message)
    by_hand = not token and not machine and message.message_id not in ours.message_ids
    common = arrival.common("own_copy", seen)
    return OwnCopySeen(**common, message_id=message.message_id, token=token, by_hand=by_hand)


def _by_our_server(message: Message) -> bool:
    """Whether our own mail server wrote it: it reports from an address at our domain, perhaps postmaster's, who may be
    one of us."""
    if mail_systems.is_report(message):
        return True
    mark = mail_systems.mark(message, message.text) if mail_systems.wrote(message) else None
    return mark is not None and mark.strong


def _passed_on(arrival: Arrival) -> PersonForwarded | None:
    original = forwarded.read(arrival.message)
    if original is None or original.author in arrival.ours.addresses:
        return None
    common = arrival.common("forwarded", as_evidence(EvidenceKind.TEXT, original.seen))
    common |= {
        "sender": original.author,
        "sent_for": "",
        "subject": original.subject[:1000],
        "refers_to": original.refers_to[: message_ids.MOST],
    }
    return PersonForwarded(**common, forwarded_by=arrival.message.sender)


def _delivery_report(arrival: Arrival) -> Reading | None:
    report = dsn.read(arrival.message)
    return _reported(arrival, report, "delivery_report") if report else None


def _reported(arrival: Arrival, report: dsn.Report, rule: str) -> Reading:
    if report.failures:
        return _bounced(arrival, report, rule)
    # It tells that a mail was delivered or relayed (RFC 3464 section 2.3.3): a receipt, in effect.
    common = arrival.common(rule, as_evidence(EvidenceKind.REPORT, report.seen), report.original_ids)
    return ReceiptReturned(**common, disposition=report.became)


def _receipt(arrival: Arrival) -> Reading | None:
    found = receipt.read(arrival.message) or auto_reply.read_receipt(arrival.message)
    if found is None:
        return None
    if found.refusal:
        return _bounced(arrival, found.refusal, "receipt_that_refuses")
    common = arrival.common("receipt", as_evidence(EvidenceKind.REPORT, found.seen), found.original_ids)
    return ReceiptReturned(**common, disposition=found.disposition)


def _abuse_report(arrival: Arrival) -> Reading | None:
    report = feedback.read(arrival.message)
    if report is None:
        return None
    common = arrival.common("abuse_report", as_evidence(EvidenceKind.REPORT, report.seen), report.original_ids)
    if report.complaint:
        return Complained(**common, complainant=report.complainant)
    return AutoReplied(**common, kind=AutoReplyKind.OTHER, dialect=auto_reply.RFC3834)


def _bounce_in_words(arrival: Arrival) -> Reading | None:
    report = bounce_text.read(arrival.message)
    return _reported(arrival, report, "bounce_in_words") if report else None


def _challenge(arrival: Arrival) -> Reading | None:
    message = arrival.message
    if not (mail_systems.is_report(message) or mail_systems.wrote(message)):
        return None
    asked = challenge_report.asks(message)
    if asked is None:
        return None
    words, start, end = asked
    common = arrival.common("challenge", [Evidence(EvidenceKind.TEXT, words, (start, end))])
    return AutoReplied(**common, kind=AutoReplyKind.CHALLENGE, dialect=auto_reply.RFC3834)


def _calendar(arrival: Arrival) -> Reading | None:
    part = calendar_part.read(arrival.message)
    if part is None:
        return None
    if part.note:
        seen = [*as_evidence(EvidenceKind.MIME, part.seen), Evidence(EvidenceKind.TEXT, part.note[:200])]
        return PersonWrote(**arrival.common("calendar_note", seen))
    common = arrival.common("calendar", as_evidence(EvidenceKind.MIME, part.seen))
    return CalendarMailed(**common, method=part.method, invitation=part.invitation)


def _unsubscribe(arrival: Arrival) -> Reading | None:
    token = unsubscribe.asked(arrival.message)
    if not token or token not in arrival.ours.tokens:
        return None
    seen = [Evidence(EvidenceKind.HEADER, f"Subject: {arrival.message.subject[:200]}")]
    return UnsubscribeMailed(**arrival.common("unsubscribe", seen), token=token)


def _reaction(arrival: Arrival) -> Reading | None:
    part = reaction.read(arrival.message)
    if not part:
        return None
    return PersonWrote(**arrival.common("reaction", [Evidence(EvidenceKind.MIME, part)]), reaction=True)


def _auto_reply_by_strong_marks(arrival: Arrival) -> Reading | None:
    if not auto_reply.strong_marks(arrival.message):
        return None
    return _auto_replied(arrival, auto_reply.read_strong(arrival.message, arrival.day), "strong_marks")


def _list_mail(arrival: Arrival) -> Reading | None:
    message = arrival.message
    seen = lists.read(message)
    if not seen or any(one in arrival.ours.message_ids for one in refers_to(message)):
        return None
    if seen == lists.precedence(message) and arrival.weakly_automatic:
        return None  # "Precedence: bulk" is also how old responders mark their answers
    return ListMailed(**arrival.common("list", as_evidence(EvidenceKind.HEADER, seen)))


def _auto_reply_by_weak_marks(arrival: Arrival) -> Reading | None:
    return _auto_replied(arrival, arrival.weakly_automatic, "weak_marks_and_words")


def _auto_reply_by_words(arrival: Arrival) -> Reading | None:
    if not arrival.speaks_up:
        return None
    return _auto_replied(arrival, auto_reply.read_words(arrival.message, arrival.day), "words_alone")


_ORDER: tuple[Callable[[Arrival], Reading | None], ...] = (
    _own_mail,
    _delivery_report,
    _receipt,
    _abuse_report,
    _bounce_in_words,
    _challenge,
    _calendar,
    _unsubscribe,
    _reaction,
    _auto_reply_by_strong_marks,
    _list_mail,
    _auto_reply_by_weak_marks,
    _auto_reply_by_words,
)


def _person(arrival: Arrival) -> AnyMailEvent:
    # Weak marks that proved nothing are shown, so that the reading can be disputed.
    seen = as_evidence(EvidenceKind.WEAK, auto_reply.weak_marks(arrival.message))
    if not seen and not arrival.speaks_up:
        return PersonWrote(**arrival.common("person", seen))
    doubt, noticed = auto_reply.doubt(arrival.message, arrival.day)
    asked = notice.asks_to_stop(notice.said(arrival.message))
    event = arrival.common("asks_to_stop" if asked else "person", [*seen, *noticed, *notice.shown(asked)])
    return PersonWrote(**event, confidence=1 - doubt, asks_to_stop=bool(asked))


def _bounced(arrival: Arrival, report: dsn.Report, rule: str) -> AnyMailEvent:
    failure = _failure_that_matters(report)
    address = failure.address or (report.original_to[0] if len(report.original_to) == 1 else "")
    seen = as_evidence(EvidenceKind.REPORT, [*report.seen, failure.diagnostic])
    seen += [Evidence(EvidenceKind.TEXT, words[:300], (start, end)) for words, start, end in report.words[:5]]
    return Bounced(
        **arrival.common(rule, seen, report.original_ids),
        confidence=report.confidence,
        kind=failure.kind,
        failed_recipient=address,
        status=failure.status,
        failures=report.failures,
    )


def _failure_that_matters(report: dsn.Report) -> Failure:
    """Our mails have one recipient; a report with several is about what became of that one further on. The one we
    wrote to comes first, then whom the mail did not reach, then whom it has not reached yet."""
    return min(
        report.failures,
        key=lambda failure: (failure.address not in report.original_to, failure.kind is BounceKind.DELAYED),
    )


def _auto_replied(arrival: Arrival, reply: auto_reply.AutoReply | None, rule: str) -> Reading | None:
    if reply is None:
        return None
    return AutoReplied(
        **arrival.common(rule, reply.seen),
        confidence=reply.confidence,
        kind=reply.kind,
        dialect=reply.dialect,
        returns_on=reply.returns_on,
        doubtful_return=reply.doubtful_return,
        replacement=reply.replacement,
    )
