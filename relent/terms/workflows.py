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
    QUEUED = "queued", "Waits for a limit to pass.", "上限が解除されるのを待っています。"
    SKIPPED = "skipped", "Skipped: a limit was reached.", "上限に達したため、スキップしました。"
    REFUSED = "refused", "An action was refused.", "アクションが拒否されました。"
    FAILED = "failed", "An action failed.", "アクションが失敗しました。"
    LOOP = "loop", "Stopped: it ran in a loop.", "繰り返し実行されたため、停止しました。"
