"""The kinds of entry on a contact's timeline, and the verdicts that the ledger knows."""

from relent.terms.sentences import Said


class Action(Said):
    """What a decision does to an enrollment."""

    KEEP = "keep", "Stays enrolled.", "登録を継続します。"
    PAUSE = "pause", "Pauses.", "一時停止します。"
    HOLD = "hold", "Is held until a person decides.", "担当者が判断するまで保留します。"
    UNENROLL = "unenroll", "Is unenrolled.", "登録を解除します。"


class TimelineKind(Said):
    """What a timeline entry tells."""

    ENROLLED = "enrolled", "Enrolled in a sequence.", "シーケンスに登録しました。"
    MAIL_SENT = "mail_sent", "A mail was sent.", "メールを送信しました。"
    MAIL_CANCELLED = "mail_cancelled", "A planned mail was cancelled.", "予定のメールを取り消しました。"
    MAIL_REFUSED = "mail_refused", "The mail server refused a mail.", "メールサーバーがメールを拒否しました。"
    MAIL_UNKNOWN = "mail_unknown", "Nobody can know whether a mail left.", "メールが送信されたか確認できません。"
    MAIL_RECEIVED = "mail_received", "A mail arrived.", "メールを受信しました。"
    WRITTEN_BY_HAND = "written_by_hand", "A user wrote by hand.", "ユーザーが手動でメールを送りました。"
    TASK_CREATED = "task_created", "A task was created.", "タスクを作成しました。"
    TASK_DONE = "task_done", "A task was done.", "タスクが完了しました。"
    PAUSED = "paused", "Paused.", "一時停止しました。"
    RESUMED = "resumed", "Resumed.", "再開しました。"
    HELD = "held", "Held until a person decides.", "担当者の判断待ちです。"
    UNENROLLED = "unenrolled", "Unenrolled.", "登録を解除しました。"
    FINISHED = "finished", "Finished the sequence.", "シーケンスを完了しました。"
    SUPPRESSED = "suppressed", "May not be mailed any more.", "今後メールは送信されません。"
    RESUBSCRIBED = "resubscribed", "May be mailed again.", "再びメールを送信できます。"
    OVERRULED = "overruled", "A user judged a mail otherwise.", "ユーザーがメールの判定を改めました。"
    MEETING_BOOKED = "meeting_booked", "A meeting was booked.", "ミーティングが予約されました。"
    MEETING_CANCELLED = "meeting_cancelled", "A meeting was cancelled.", "ミーティングが取り消されました。"
    ADDRESS_ADDED = "address_added", "An address was added.", "アドレスを追加しました。"
    REVIEW_OPENED = "review_opened", "A person is asked.", "担当者の確認を求めています。"
    REVIEW_ANSWERED = "review_answered", "A person answered.", "担当者が回答しました。"
    MERGED = "merged", "Two records were merged.", "2件のレコードを統合しました。"
    DELETED = "deleted", "The record was deleted.", "レコードを削除しました。"
    RESTORED = "restored", "The record was restored.", "レコードを復元しました。"
    UNDONE = "undone", "An unenrollment was undone.", "登録解除を取り消しました。"
    TRANSFERRED = "transferred", "Another user took over.", "別のユーザーが引き継ぎました。"
    WORKFLOW_RAN = "workflow_ran", "A workflow ran.", "ワークフローを実行しました。"
    WORKFLOW_LET_GO = (
        "workflow_let_go",
        "A workflow was let go: its mail was judged otherwise.",
        "メールの判定が改められたため、ワークフローを中止しました。",
    )
    WORKFLOW_STANDS = (
        "workflow_stands",
        "What a workflow had done for the mail stays done:",
        "このメールに対してワークフローが実行した操作は取り消せません:",
    )
    WORKFLOW_TAKEN_UP = (
        "workflow_taken_up",
        "A workflow that was let go goes on.",
        "中止したワークフローを再開しました。",
    )
