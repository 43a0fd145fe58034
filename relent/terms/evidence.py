"""The kinds of evidence: where a thing was seen that a decision rests on."""

from relent.terms.sentences import Said


class EvidenceKind(Said):
    """What sort of thing was seen; what was seen stands beside it, as it was."""

    RULE = "rule", "Read as", "読み取り"
    HEADER = "header", "Header of the mail", "メールのヘッダー"
    REPORT = "report", "Field of the report", "通知の項目"
    MIME = "mime", "Part of the mail", "メールのパート"
    TEXT = "text", "Words of the mail", "メールの文面"
    DAYS = "days", "Days of absence, and the words that name them", "不在期間とその記載"
    WEAK = "weak", "Weak sign, which proves nothing", "弱い手がかり(単独では根拠になりません)"
    AUTHENTICATION = "authentication", "Authentication by the receiving server", "受信サーバーによる送信者認証"
    FOLDER = "folder", "Folder it lay in", "入っていたフォルダー"
    NAMES_OURS = "names_ours", "Names our mail", "こちらのメールを参照"
    ENROLLED_ADDRESS = "enrolled_address", "Sender is the enrolled address", "送信者は登録アドレス"
    SECONDARY_ADDRESS = (
        "secondary_address",
        "Sender is another address of the contact",
        "送信者はコンタクトの別のアドレス",
    )
    PLUS_RULE = "plus_rule", "Sender is the same but for a plus tag", "送信者はプラス記号以下を除き同じアドレス"
    DOTS_RULE = (
        "dots_rule",
        "Sender is the same to Gmail, which ignores dots",
        "Gmailではドットの違いを除き同じアドレス",
    )
    FORMER_ADDRESS = (
        "former_address",
        "Sender is a former address of the contact",
        "送信者はコンタクトの以前のアドレス",
    )
    SENT_FOR = "sent_for", "Sent on the contact's behalf", "コンタクトの代理での送信"
    THREAD = "thread", "Lies in the provider's thread of our mail", "プロバイダーの同じスレッド"
    SAME_COMPANY = "same_company", "Works at the same company", "同じ会社に所属"
    SAME_DOMAIN = "same_domain", "Writes from the same domain", "同じドメインから送信"
    MEETING = "meeting", "Meeting", "ミーティング"
    LINK = "link", "Meeting link", "ミーティングリンク"
    PERSON = "person", "Judged by a user", "ユーザーの判断"
    CLASSIFIER = "classifier", "Text classifier", "テキスト分類器"
    ANSWER = "answer", "Answer of the mail server", "メールサーバーの応答"


class Confidence(Said):
    """How sure a decision is."""

    CERTAIN = "certain", "Certain.", "確実です。"
    DOUBTFUL = "doubtful", "Doubtful: a person should look.", "不確実です。担当者の確認が必要です。"


def label(kind: str, language: str) -> str:
    """Return what ``kind`` says in ``language``; the kind itself where it is none of ours."""
    return EvidenceKind(kind).say(language) if kind in set(EvidenceKind) else kind
