"""Every reason Relent gives: why an enrollment ended, is paused or refused, why a mail changed nothing or waits."""

from relent.terms.sentences import Said


class EndReason(Said):
    """Why an enrollment ended before its last step."""

    REPLY = "reply", "The contact replied to a mail of the sequence.", "コンタクトがシーケンスのメールに返信しました。"
    THREAD_REPLY = (
        "thread_reply",
        "Somebody replied to a mail of the sequence from another address.",
        "シーケンスのメールに別のアドレスから返信がありました。",
    )
    ALIAS = (
        "alias",
        "The contact wrote from an alias of the enrolled address.",
        "コンタクトが登録アドレスの別名からメールを送りました。",
    )
    OFF_SEQUENCE_MAIL = (
        "off_sequence_mail",
        "The contact wrote a mail outside the sequence.",
        "コンタクトがシーケンス外のメールを送りました。",
    )
    ACCOUNT_REPLY = "account_reply", "A colleague at the same company replied.", "同じ会社のコンタクトが返信しました。"
    MEETING = "meeting", "The contact booked a meeting.", "コンタクトがミーティングを予約しました。"
    ACCOUNT_MEETING = (
        "account_meeting",
        "A colleague at the same company booked a meeting.",
        "同じ会社のコンタクトがミーティングを予約しました。",
    )
    UNSUBSCRIBED = "unsubscribed", "The contact unsubscribed.", "コンタクトが配信を停止しました。"
    SPAM_COMPLAINT = (
        "spam_complaint",
        "The contact marked a mail as spam.",
        "コンタクトがメールを迷惑メールとして報告しました。",
    )
    BOUNCED = (
        "bounced",
        "The mail bounced; the address is probably wrong.",
        "メールが不達でした。アドレスが誤っている可能性があります。",
    )
    LEFT_COMPANY = "left_company", "The contact has left the company.", "コンタクトは退職しました。"
    MANUAL = "manual", "A user unenrolled the contact.", "ユーザーがコンタクトを登録解除しました。"
    WORKFLOW = "workflow", "A workflow unenrolled the contact.", "ワークフローがコンタクトを登録解除しました。"
    AUTOMATION_TRIGGER = (
        "automation_trigger",
        "A trigger of the sequence unenrolled the contact.",
        "シーケンスのトリガーがコンタクトを登録解除しました。",
    )
    SEQUENCE_DELETED = "sequence_deleted", "The sequence was deleted.", "シーケンスが削除されました。"
    CREATOR_REMOVED = "creator_removed", "The sequence's owner was removed.", "シーケンスの所有者が削除されました。"
    ENROLLER_REMOVED = "enroller_removed", "The enrolling user was removed.", "登録したユーザーが削除されました。"
    CONTACT_DELETED = "contact_deleted", "The contact was deleted.", "コンタクトが削除されました。"
    MERGED = "merged", "The contact was merged into another.", "コンタクトが統合されました。"
    SENDER_FOLLOW_UP = (
        "sender_follow_up",
        "The sender wrote to the contact by hand.",
        "送信者が手動でコンタクトに連絡しました。",
    )
    ERROR = "error", "A mail could not be sent.", "メールを送信できませんでした。"


# What others did, or reports of it: it happened when it happened, whenever it is read. The other ends are acts in
# Relent, whose order is the order in which they were done.
TOLD_BY_EVIDENCE: frozenset[EndReason] = frozenset(
    {
        EndReason.REPLY,
        EndReason.THREAD_REPLY,
        EndReason.ALIAS,
        EndReason.OFF_SEQUENCE_MAIL,
        EndReason.ACCOUNT_REPLY,
        EndReason.MEETING,
        EndReason.ACCOUNT_MEETING,
        EndReason.UNSUBSCRIBED,
        EndReason.SPAM_COMPLAINT,
        EndReason.BOUNCED,
        EndReason.LEFT_COMPANY,
    }
)


class KeepReason(Said):
    """Why something that arrived changed nothing."""

    OWN_COPY = "own_copy", "It is our own mail, seen in the mailbox.", "自分が送ったメールの控えです。"
    AUTOMATIC_REPLY = (
        "automatic_reply",
        "It is an automatic reply, not an answer.",
        "自動返信であり、返信ではありません。",
    )
    RECEIPT = "receipt", "It is a receipt, not an answer.", "開封確認などの通知であり、返信ではありません。"
    CALENDAR_MAIL = (
        "calendar_mail",
        "It is calendar mail, not an answer.",
        "カレンダーの通知であり、返信ではありません。",
    )
    LIST_MAIL = (
        "list_mail",
        "It came through a mailing list or in bulk.",
        "メーリングリストまたは一斉配信のメールです。",
    )
    COMPLAINT_UNCLEAR = (
        "complaint_unclear",
        "A complaint names no mail of ours.",
        "苦情の対象となるメールが特定できません。",
    )
    SOFT_BOUNCE = "soft_bounce", "The delivery failed for a passing reason.", "一時的な理由で配信できませんでした。"
    DELAYED = (
        "delayed",
        "The delivery is late; the server goes on trying.",
        "配信が遅れています。サーバーが再試行します。",
    )
    POLICY_BOUNCE = (
        "policy_bounce",
        "The mail was refused because of its content or sender; the address is not at fault.",
        "内容または送信元の理由で拒否されました。アドレスの問題ではありません。",
    )
    UNCORRELATED_BOUNCE = (
        "uncorrelated_bounce",
        "The bounce names no mail of ours.",
        "対象となるメールが特定できない不達通知です。",
    )
    OTHER_RECIPIENT = "other_recipient", "It concerns another recipient.", "別の受信者に関するものです。"
    BEFORE_ENROLLMENT = "before_enrollment", "It is older than the enrollment.", "登録より前のものです。"
    NOT_CONCERNED = (
        "not_concerned",
        "It is not addressed to anybody whose mail counts.",
        "対象となる受信者に宛てたものではありません。",
    )
    TRIGGER_OFF = "trigger_off", "The trigger of the sequence is off.", "シーケンスのトリガーはオフです。"
    NOT_AN_ANSWER = (
        "not_an_answer",
        "A colleague's new mail is no reply.",
        "同僚からの新規メールであり、返信ではありません。",
    )
    OTHER_SEQUENCE = (
        "other_sequence",
        "It concerns another sequence; the company option counts in its own.",
        "別のシーケンスに関するものです。会社単位の設定は、そのシーケンス内でのみ有効です。",
    )
    DOUBTFUL_COLLEAGUE = (
        "doubtful_colleague",
        "The colleague's mail failed authentication; nobody else is unenrolled on it.",
        "同僚のメールは送信者認証に失敗したため、ほかのコンタクトには影響しません。",
    )
    CHALLENGE = (
        "challenge",
        "A filter asks the sender to prove to be human: the mail has not been delivered yet.",
        "送信者が人間であることの確認を求められています。メールはまだ届いていません。",
    )
    LEFT_COMPANY_STAYS = (
        "left_company_stays",
        "The contact has left the company; the account's settings keep the enrollment.",
        "コンタクトは退職しましたが、アカウントの設定により登録を継続します。",
    )
    SENDER_WROTE = (
        "sender_wrote",
        "The sender wrote in the thread by hand.",
        "送信者が手動でスレッドに返信しました。",
    )
    MEETING_OTHER_HOST = (
        "meeting_other_host",
        "The meeting is with somebody whose meetings do not count here.",
        "対象外の担当者とのミーティングです。",
    )
    MEETING_OTHER_PERSON = (
        "meeting_other_person",
        "Somebody else booked the meeting.",
        "別の人が予約したミーティングです。",
    )
    MEETING_OTHER_LINK = (
        "meeting_other_link",
        "The link stood in no mail that was sent to the contact.",
        "コンタクトに送信したメールにはないリンクからの予約です。",
    )
    MEETING_OTHER_CALENDAR = (
        "meeting_other_calendar",
        "Meetings of this calendar do not count.",
        "対象外のカレンダーのミーティングです。",
    )
    MEETING_NOT_ASSOCIATED = (
        "meeting_not_associated",
        "The contact is not associated with the meeting.",
        "コンタクトはこのミーティングに関連付けられていません。",
    )
    MEETING_LOGGED_BEFORE = (
        "meeting_logged_before",
        "The meeting was logged before the enrollment.",
        "登録前に記録されたミーティングです。",
    )
    MEETING_DECLINED = (
        "meeting_declined",
        "The host declined the meeting.",
        "主催者がミーティングを辞退しました。",
    )
    UNSUBSCRIBED_ELSEWHERE = (
        "unsubscribed_elsewhere",
        "The contact opted out elsewhere; the next mail is refused.",
        "コンタクトは別の場所で配信を停止しました。次のメールは送信されません。",
    )
    ALREADY_OVER = "already_over", "The enrollment had ended before.", "登録はすでに終了していました。"


class PauseReason(Said):
    """Why an enrollment is paused."""

    OUT_OF_OFFICE = "out_of_office", "The contact is out of office.", "コンタクトは不在です。"
    BY_USER = "by_user", "A user paused it.", "ユーザーが一時停止しました。"
    SENDER_FOLLOW_UP = (
        "sender_follow_up_pause",
        "The sender wrote in the thread by hand.",
        "送信者が手動でスレッドに返信しました。",
    )
    TASK_OPEN = "task_open", "It waits for a task to be done.", "タスクの完了を待っています。"


class HoldReason(Said):
    """Why an enrollment is held until a person decides."""

    SENT_UNKNOWN = (
        "sent_unknown",
        "Nobody can know whether the last mail left. Say whether it did.",
        "最後のメールが送信されたか確認できません。送信済みかどうかを指定してください。",
    )
    MAILBOX_DOWN = (
        "mailbox_down",
        "A mail is due, and a mailbox in scope cannot be read. It goes on by itself once it can.",
        "送信時刻ですが、対象の受信箱を読み取れません。読み取れるようになると自動的に再開します。",
    )
    SOFT_BOUNCES = (
        "soft_bounces",
        "Several mails could not be delivered for passing reasons.",
        "一時的な理由による不達が続いています。",
    )
    UNSURE_SENDER = (
        "unsure_sender",
        "The mail may not be from the contact: it failed authentication.",
        "送信者の認証に失敗したため、コンタクト本人からのメールか不明です。",
    )

    SAME_DOMAIN = (
        "same_domain",
        "An unknown address of the contact's domain wrote.",
        "コンタクトと同じドメインの未知のアドレスからメールが届きました。",
    )
    SHARED_MAILBOX = (
        "shared_mailbox",
        "The contact wrote to a shared mailbox.",
        "コンタクトが共有メールボックスにメールを送りました。",
    )
    FORWARDED = (
        "forwarded",
        "A colleague forwarded a mail of the contact.",
        "同僚がコンタクトのメールを転送しました。",
    )
    PLANNED_MEETING = (
        "planned_meeting",
        "A meeting with the contact is planned already.",
        "コンタクトとのミーティングがすでに予定されています。",
    )
    SENDER_REFUSED = (
        "sender_refused",
        "Mails of this mailbox are refused for reasons of ours.",
        "こちら側の理由でこのメールボックスのメールが拒否されました。",
    )
    CREATOR_REMOVED = (
        "creator_removed_hold",
        "The sequence has no owner: it waits for a transfer.",
        "シーケンスの所有者がいないため、引き継ぎを待っています。",
    )
    ENROLLER_REMOVED = (
        "enroller_removed_hold",
        "The user who enrolled the contact is gone: it waits for a transfer.",
        "登録したユーザーがいないため、引き継ぎを待っています。",
    )


class WaitReason(Said):
    """Why a due mail is not sent now, though it will be."""

    MAILBOX_UNREADABLE = "mailbox_unreadable", "A mailbox in scope cannot be read.", "対象の受信箱を読み取れません。"
    STALE = "stale", "The mailboxes must be read again first.", "先に受信箱を再確認する必要があります。"
    OUTSIDE_WINDOW = "outside_window", "It is outside the send window.", "送信時間帯の外です。"
    DAY_NOT_ELIGIBLE = "day_not_eligible", "The sequence does not send on this day.", "この曜日には送信しません。"
    DAILY_LIMIT = "daily_limit", "The mailbox has reached its limit for 24 hours.", "24時間の送信上限に達しました。"
    MINUTE_LIMIT = (
        "minute_limit",
        "The mailbox has reached its limit for this minute.",
        "1分あたりの送信上限に達しました。",
    )
    USER_LIMIT = (
        "user_limit",
        "The user has reached the limit for 24 hours.",
        "ユーザーの24時間の送信上限に達しました。",
    )
    COMPANY_STOP = (
        "company_stop",
        "A colleague's reply or meeting is being dealt with.",
        "同じ会社のコンタクトの返信またはミーティングを処理しています。",
    )
    SPACING = "spacing", "Mails of one mailbox are spaced out.", "送信間隔を空けています。"
    DELIVERY_DELAYED = "delivery_delayed", "The mail before it is still under way.", "前のメールがまだ配信中です。"
    SERVER_BUSY = (
        "server_busy",
        "The mail server asked to try again later.",
        "メールサーバーが後で再試行するよう求めました。",
    )


class Refusal(Said):
    """Why an enrollment is refused, or a mail at its time. Nothing is created and nothing is sent."""

    ALREADY_ENROLLED = (
        "ALREADY_ENROLLED",
        "The contact is already enrolled in a sequence.",
        "コンタクトはすでにシーケンスに登録されています。",
    )
    MISSING_TOKEN = (
        "MISSING_TOKEN",
        "A token has no value for this contact.",
        "このコンタクトには差し込み項目の値がありません。",
    )
    UNSUBSCRIBED = (
        "UNSUBSCRIBED",
        "The contact has opted out of all mail.",
        "コンタクトはすべてのメールの配信を停止しています。",
    )
    UNSUBSCRIBED_PERSONAL = (
        "UNSUBSCRIBED_PERSONAL",
        "The contact has opted out of one-to-one mail.",
        "コンタクトは個別メールの配信を停止しています。",
    )
    PREVIOUSLY_BOUNCED = (
        "RECIPIENT_PREVIOUSLY_BOUNCED_ON_PORTAL",
        "An earlier mail to this address bounced.",
        "このアドレスへの以前のメールは不達でした。",
    )
    MARKED_AS_SPAM = (
        "PREVIOUSLY_MARKED_AS_SPAM",
        "An earlier mail was marked as spam.",
        "以前のメールが迷惑メールとして報告されました。",
    )
    BLOCKED_ADDRESS = "BLOCKED_ADDRESS", "The address is blocked.", "このアドレスはブロックされています。"
    NO_ADDRESS = "NO_ADDRESS", "The contact has no mail address.", "コンタクトにメールアドレスがありません。"
    NO_MAILBOX = "NO_MAILBOX", "The sender has no connected mailbox.", "送信者に接続済みのメールボックスがありません。"
    NO_STEPS = "NO_STEPS", "The sequence has no such step.", "シーケンスに該当するステップがありません。"
    NOT_ALLOWED = "NOT_ALLOWED", "You may not do this.", "この操作は許可されていません。"
    ALREADY_OVER = "ALREADY_OVER", "The enrollment has already ended.", "登録はすでに終了しています。"
    ACTIVE_ENROLLMENTS = (
        "ACTIVE_ENROLLMENTS",
        "The sequence still has active enrollments.",
        "シーケンスに有効な登録が残っています。",
    )
    MAILBOX_DOWN = (
        "MAILBOX_DOWN",
        "A mailbox in scope could not be read when the mail was due.",
        "送信時刻に対象の受信箱を読み取れませんでした。",
    )
    CANNOT_BE_WRITTEN = (
        "CANNOT_BE_WRITTEN",
        "No mail can be made for this address or with this text.",
        "このアドレスまたは本文ではメールを作成できません。",
    )
    COOLING_DOWN = (
        "COOLING_DOWN",
        "The contact was in a sequence, or was contacted, too recently.",
        "前回の登録または連絡から十分な期間が経過していません。",
    )
    ENROLLED_BEFORE = (
        "ENROLLED_BEFORE",
        "The contact has been in this sequence, and the account allows it once.",
        "このシーケンスへの登録は1回までです。",
    )
    CANNOT_BE_ENROLLED = (
        "CANNOT_BE_ENROLLED",
        "A fault of Relent kept this contact from being enrolled; it stands in the log.",
        "Relentの不具合により登録できませんでした。詳細はログを確認してください。",
    )
    OVER_LIMIT = (
        "OVER_LIMIT",
        "The mailbox or the user has reached the limit for 24 hours.",
        "24時間の送信上限に達しています。",
    )
    REJECTED = "OTHER_SEND_REJECTED", "The mail server refused the mail.", "メールサーバーがメールを拒否しました。"


_BY_CODE: dict[str, Said] = {
    member.value: member
    for vocabulary in (EndReason, KeepReason, PauseReason, HoldReason, WaitReason, Refusal)
    for member in vocabulary
}


def sentence(code: str, language: str) -> str:
    """Return what the reason ``code`` says in ``language``; the code itself where it is none of ours."""
    return _BY_CODE[code].say(language) if code in _BY_CODE else code
