"""What a step is, and the settings of a sequence."""

from relent.terms.sentences import Said


class StepKind(Said):
    """What a step does."""

    EMAIL = "email", "Mail", "メール"
    TASK = "task", "Task", "タスク"


class TaskKind(Said):
    """What a task asks for."""

    TODO = "todo", "To-do", "ToDo"
    CALL = "call", "Call", "電話"
    EMAIL = "email", "Mail by hand", "手動メール"
    LINKEDIN_CONNECT = "linkedin_connect", "LinkedIn connection", "LinkedInのつながり申請"
    LINKEDIN_MESSAGE = "linkedin_message", "LinkedIn message", "LinkedInのメッセージ"


class FollowUpDays(Said):
    """On which days later steps run. How business days differ from weekdays is not published; both skip weekends."""

    EVERYDAY = "everyday", "Every day", "毎日"
    WEEKDAYS_ONLY = "weekdays_only", "Monday to Friday", "月曜から金曜"
    BUSINESS_DAYS = "business_days", "Business days", "営業日"


class Trigger(Said):
    """Whom a reply or a meeting unenrolls."""

    OFF = "off", "Nobody", "なし"
    CONTACT = "contact", "The contact who acted", "行動したコンタクト"
    COMPANY = "company", "All contacts at the company", "会社のすべてのコンタクト"


class ZoneOf(Said):
    """Whose time zone the send window is read in."""

    SENDER = "sender", "The sender's", "送信者"
    CONTACT = "contact", "The contact's", "コンタクト"
