"""The states of an enrollment, a delivery and a mailbox, and which may follow which."""

from relent.terms.sentences import Said


class EnrollmentState(Said):
    """Where an enrollment stands. The last two are final: an ended enrollment never changes again."""

    SCHEDULED = "scheduled", "The first step lies in the future.", "最初のステップはこれからです。"
    ACTIVE = "active", "Steps run when they are due.", "期日になるとステップが実行されます。"
    PAUSED = "paused", "Nothing is sent until the pause ends.", "一時停止が終わるまで何も送信しません。"
    HELD = "held", "Nothing is sent until a person has decided.", "担当者が判断するまで何も送信しません。"
    FINISHED = "finished", "Every step has been executed.", "すべてのステップが実行されました。"
    UNENROLLED = "unenrolled", "The contact has left the sequence.", "コンタクトはシーケンスから登録解除されました。"


OPEN: frozenset[EnrollmentState] = frozenset(
    {EnrollmentState.SCHEDULED, EnrollmentState.ACTIVE, EnrollmentState.PAUSED, EnrollmentState.HELD}
)
ENDED: frozenset[EnrollmentState] = frozenset(EnrollmentState) - OPEN


class DeliveryState(Said):
    """Where one step of one enrollment stands on its way out.

    ``planned → claimed → sending → sent`` is the road of a mail, ``planned → claimed → opened`` that of a task; a mail
    that a user writes for a task goes from there the road of every mail.
    A pause parks what is planned or claimed; an ending cancels it. Only ``claimed → sending`` lets bytes leave.
    """

    PLANNED = "planned", "Waits for its time.", "予定時刻を待っています。"
    PARKED = "parked", "Waits for a pause or a hold to end.", "一時停止または保留の終了を待っています。"
    CLAIMED = "claimed", "Due; the mailboxes are being read first.", "期日です。先に受信箱を確認しています。"
    SENDING = "sending", "Being handed to the mail server.", "メールサーバーに渡しています。"
    SENT = "sent", "The mail server took it.", "メールサーバーが受け取りました。"
    OPENED = "opened", "The task was created.", "タスクを作成しました。"
    CANCELLED = "cancelled", "Will not be sent.", "送信されません。"
    REFUSED = "refused", "The mail server refused it.", "メールサーバーが拒否しました。"
    UNKNOWN = (
        "unknown",
        "It cannot be known whether it left; a person decides.",
        "送信されたか確認できません。担当者の判断が必要です。",
    )


# Which state may follow which; flows.apply and flows.outbound move rows along these arrows only.
DELIVERY_MOVES: dict[DeliveryState, frozenset[DeliveryState]] = {
    DeliveryState.PLANNED: frozenset({DeliveryState.CLAIMED, DeliveryState.PARKED, DeliveryState.CANCELLED}),
    DeliveryState.PARKED: frozenset({DeliveryState.PLANNED, DeliveryState.CANCELLED}),
    DeliveryState.CLAIMED: frozenset(
        {
            DeliveryState.SENDING,
            DeliveryState.OPENED,
            DeliveryState.PLANNED,
            DeliveryState.PARKED,
            DeliveryState.CANCELLED,
            DeliveryState.REFUSED,
        }
    ),
    DeliveryState.SENDING: frozenset(
        {
            DeliveryState.SENT,
            DeliveryState.REFUSED,
            DeliveryState.PLANNED,
            DeliveryState.UNKNOWN,
            DeliveryState.CANCELLED,
        }
    ),
    DeliveryState.UNKNOWN: frozenset({DeliveryState.SENT, DeliveryState.PLANNED, DeliveryState.CANCELLED}),
    DeliveryState.SENT: frozenset(),
    DeliveryState.OPENED: frozenset({DeliveryState.PLANNED}),
    DeliveryState.CANCELLED: frozenset(),
    DeliveryState.REFUSED: frozenset(),
}

# What an unenrollment still stops. A mail in ``sending`` has been handed over: it may have left.
STOPPABLE: frozenset[DeliveryState] = frozenset({DeliveryState.PLANNED, DeliveryState.PARKED, DeliveryState.CLAIMED})


class MailboxState(Said):
    """Whether a mailbox can be read. Only a connected one may send."""

    CONNECTED = "connected", "Read and ready to send.", "受信確認済みで、送信できます。"
    UNREADABLE = (
        "unreadable",
        "Cannot be read at the moment; nothing is sent until it can.",
        "現在読み取れません。読み取れるまで何も送信しません。",
    )
    DISCONNECTED = (
        "disconnected",
        "Disconnected; sign in again to go on.",
        "切断されています。続けるには再接続してください。",
    )


class TaskState(Said):
    """Where a task stands."""

    OPEN = "open", "To be done.", "未完了です。"
    DONE = "done", "Done.", "完了しました。"
