"""What the mails about a booked meeting say."""

from relent.terms.sentences import Said


class InvitationLine(Said):
    """A line of such a mail; names in braces are filled in."""

    BOOKED = "booked", "Confirmed: {title}, {when}", "確定: {title}({when})"
    MOVED = "moved", "New time: {title}, {when}", "日時変更: {title}({when})"
    CANCELLED = "cancelled", "Cancelled: {title}, {when}", "キャンセル: {title}({when})"
    WITH_HOST = "with_host", "Your meeting with {host} is booked.", "{host}とのミーティングの予約が完了しました。"
    MOVED_TEXT = (
        "moved_text",
        "The meeting of {host} and {guest} has a new time.",
        "{host}と{guest}のミーティングの日時が変更されました。",
    )
    CANCELLED_TEXT = (
        "cancelled_text",
        "The meeting of {host} and {guest} will not take place.",
        "{host}と{guest}のミーティングはキャンセルされました。",
    )
    WITH_GUEST = (
        "with_guest",
        "{guest} ({address}) has booked a meeting with you.",
        "{guest}({address})が予約しました。",
    )
    WHEN = "when", "When: {when} ({zone})", "日時: {when}({zone})"
    WHERE = "where", "Where: {place}", "場所: {place}"
    NOTE = "note", "Their message: {note}", "メッセージ: {note}"
    CHANGE = "change", "To choose another time or to cancel: {link}", "日時の変更・キャンセル: {link}"
