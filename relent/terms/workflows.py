"""What starts a workflow, what it may ask and do, and how a run may end."""

from relent.terms.sentences import Said


class WorkflowTrigger(Said):
    """What starts a workflow for a contact."""

    PROPERTY = "property", "A property of the contact changed", "コンタクトのプロパティが変更された"
    LIST = "list", "The contact joined a list", "コンタクトがリストに追加された"
    EVENT = "event", "A form or another system sent an event", "フォームまたは外部システムからのイベント"
    REPLY = "reply", "The contact replied", "コンタクトが返信した"
    MEETING = "meeting", "The contact booked a meeting", "コンタクトがミーティングを予約した"
    BOUNCE = "bounce", "A mail to the contact bounced", "コンタクトへのメールが不達になった"
    UNSUBSCRIBED = "unsubscribed", "The contact unsubscribed", "コンタクトが配信を停止した"
    ENROLLED = "enrolled", "The contact was enrolled", "コンタクトが登録された"
    FINISHED = "finished", "The contact finished a sequence", "コンタクトがシーケンスを完了した"
    DEAL_STAGE = "deal_stage", "A deal of the contact changed its stage", "取引のステージが変更された"
    TASK_DONE = "task_done", "A task for the contact was done", "コンタクトのタスクが完了した"


class WorkflowAction(Said):
    """What a workflow may do."""

    ENROLL = "enroll", "Enroll in a sequence", "シーケンスに登録"
    UNENROLL = "unenroll", "Unenroll", "登録解除"
    TASK = "task", "Create a task", "タスクを作成"
    SET_PROPERTY = "set_property", "Set a property", "プロパティを設定"
    NOTIFY = "notify", "Notify a user", "ユーザーに通知"
    WEBHOOK = "webhook", "Call a webhook", "Webhookを呼び出す"


class Comparison(Said):
    """How a condition compares a property."""

    IS = "is", "is", "次と等しい"
    IS_NOT = "is_not", "is not", "次と等しくない"
    CONTAINS = "contains", "contains", "次を含む"
    IS_SET = "is_set", "has a value", "値がある"
    IS_NOT_SET = "is_not_set", "has no value", "値がない"


class RunState(Said):
    """What came of a run."""

    DONE = "done", "All actions ran.", "すべてのアクションを実行しました。"
    NOT_MET = "not_met", "A condition did not hold.", "条件を満たしませんでした。"
    QUEUED = "queued", "Waits for its turn, or for a limit to pass.", "実行または上限の解除を待っています。"
    SKIPPED = (
        "skipped",
        "Skipped: a limit was reached, or the workflow was switched off.",
        "上限に達したか、ワークフローがオフのため、スキップしました。",
    )
    REFUSED = "refused", "An action was refused.", "アクションが拒否されました。"
    FAILED = "failed", "An action failed.", "アクションが失敗しました。"
    LOOP = "loop", "Stopped: it ran in a loop.", "繰り返し実行されたため、停止しました。"
    LET_GO = (
        "let_go",
        "Let go: its mail was judged otherwise.",
        "メールの判定が改められたため、中止しました。",
    )


class StepOutcome(Said):
    """What came of one condition or action of a run."""

    HOLDS = "holds", "It holds.", "満たしています。"
    DOES_NOT_HOLD = "does_not_hold", "It does not hold.", "満たしていません。"
    DONE = "done", "Done.", "実行しました。"
    NOTHING_TO_DO = "nothing_to_do", "There was nothing to do.", "対象がありませんでした。"
    WAITS = "waits", "Waits for the sender's daily limit.", "送信者の1日の上限が解除されるのを待っています。"
    SKIPPED = (
        "skipped",
        "Skipped: the sender's daily limit is reached.",
        "送信者の1日の上限に達したため、省略しました。",
    )
    REFUSED = "refused", "Refused.", "拒否されました。"
    RETRIED = "retried", "It failed, and is tried again.", "失敗しました。再試行します。"
    FAILED = "failed", "It failed.", "失敗しました。"
    LOOP = "loop", "Stopped: it came too often.", "繰り返しが多すぎるため、停止しました。"
    WOULD_DO = "would_do", "Would be done.", "実行されます。"


class StepFault(Said):
    """Why an action failed that nobody refused."""

    NOBODY = "nobody", "There is nobody to do it.", "担当者がいません。"
    BAD_VALUE = "bad_value", "The property cannot have this value.", "このプロパティには設定できない値です。"
    UNEXPECTED = (
        "unexpected",
        "Something unexpected went wrong; it is in the log.",
        "予期しないエラーが発生しました。ログを確認してください。",
    )
    CONTACT_GONE = "contact_gone", "The contact has been deleted.", "コンタクトは削除されています。"
    SWITCHED_OFF = "switched_off", "The workflow was switched off meanwhile.", "ワークフローはオフになりました。"


class LoopRule(Said):
    """How a loop was noticed."""

    RUNS = (
        "runs",
        "This workflow has run for the contact too often within a day.",
        "このワークフローは、1日のうちにこのコンタクトに対して繰り返し実行されました。",
    )
    DEPTH = (
        "depth",
        "Workflows start one another in too long a chain.",
        "ワークフローが互いを起動する連鎖が長すぎます。",
    )
    ENROLLMENTS = (
        "enrollments",
        "Workflows have enrolled the contact too often within a week.",
        "ワークフローが1週間のうちにこのコンタクトを繰り返し登録しました。",
    )


class WorkflowFault(Said):
    """What is wrong with a workflow as it is written."""

    NO_ACTION = "no_action", "A workflow needs at least one action.", "アクションが1つ以上必要です。"
    TOO_MANY = "too_many", "There are too many of them.", "数が多すぎます。"
    UNKNOWN_ACTION = "unknown_action", "There is no such action.", "このアクションは存在しません。"
    UNKNOWN_COMPARISON = "unknown_comparison", "There is no such comparison.", "この比較方法は存在しません。"
    UNKNOWN_OPTION = "unknown_option", "The trigger knows no such option.", "このトリガーにない項目です。"
    MISSING = "missing", "This cannot be empty.", "入力してください。"
    UNKNOWN_FIELD = "unknown_field", "The action knows no such field.", "このアクションにない項目です。"
    NOT_SETTABLE = (
        "not_settable",
        "A workflow cannot set this property.",
        "このプロパティはワークフローでは設定できません。",
    )
    BAD_NAME = (
        "bad_name",
        "A property's name consists of letters, digits and underscores.",
        "プロパティ名に使えるのは文字、数字、アンダースコアです。",
    )
    BAD_ADDRESS = "bad_address", "This is not a web address.", "Webアドレスではありません。"
    BAD_KIND = "bad_kind", "There is no such kind of task.", "このタスクの種類は存在しません。"
    NOT_YOURS = (
        "not_yours",
        "You cannot let this user enroll: name yourself or somebody of your team.",
        "このユーザーの名前では登録できません。自分または同じチームのユーザーを指定してください。",
    )
    NOT_A_NUMBER = "not_a_number", "This is not the number of a record.", "レコード番号ではありません。"
