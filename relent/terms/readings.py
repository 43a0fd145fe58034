"""What a mail was read by, and what its headers mean, for people who know neither RFC 3834 nor the rules."""

from relent.terms.sentences import Said


class ReadBy(Said):
    """The test that said what a mail is, by its name in ``normalize/message.py``."""

    OWN_COPY = "own_copy", "A copy of a mail of ours", "こちらが送ったメールの控え"
    FORWARDED = "forwarded", "Passed on by one of us", "社内から転送されたメール"
    DELIVERY_REPORT = "delivery_report", "A mail server's report on a delivery", "メールサーバーの配送通知"
    RECEIPT = "receipt", "A receipt", "開封または受信の確認通知"
    RECEIPT_THAT_REFUSES = "receipt_that_refuses", "A receipt that refuses the mail", "受信を拒否する通知"
    ABUSE_REPORT = "abuse_report", "A spam complaint by the recipient's provider", "受信側プロバイダーの迷惑メール報告"
    BOUNCE_IN_WORDS = "bounce_in_words", "A mail system says that a mail failed", "メールシステムによる不達の知らせ"
    CHALLENGE = "challenge", "A filter asks senders to prove themselves", "フィルターによる送信者の確認"
    CALENDAR = "calendar", "An invitation, or the answer to one", "ミーティングの招待または返答"
    CALENDAR_NOTE = "calendar_note", "A calendar mail with words by hand", "本文のあるカレンダーメール"
    UNSUBSCRIBE = "unsubscribe", "Unsubscribed by the link in our mail", "メール内のリンクによる配信停止"
    REACTION = "reaction", "A reaction to our mail", "メールへのリアクション"
    STRONG_MARKS = (
        "strong_marks",
        "Signs that only automatic replies carry",
        "自動返信だけに付く特徴",
    )
    LIST = "list", "Sent to a mailing list or to many", "メーリングリストまたは一斉配信"
    WEAK_MARKS_AND_WORDS = (
        "weak_marks_and_words",
        "Signs of a machine, and words that fit",
        "自動送信の特徴と、それに合う文面",
    )
    WORDS_ALONE = "words_alone", "Its words alone", "文面のみ"
    ASKS_TO_STOP = "asks_to_stop", "A person asks for no more mail", "配信停止を希望する人のメール"
    PERSON = "person", "Nothing shows a machine: a person wrote", "自動送信と言える点がなく、人が書いたメール"


class HeaderSays(Said):
    """What a line of a mail's header means, by its name in lower case."""

    AUTO_SUBMITTED = (
        "auto-submitted",
        "The mail says of itself that a machine sent it",
        "自動送信であると示されています",
    )
    SUPPRESS = (
        "x-auto-response-suppress",
        "The sender's program wants no automatic answers",
        "送信側が自動返信を望んでいません",
    )
    PRECEDENCE = "precedence", "Marked as sent to many, or by a machine", "一斉配信または自動送信の印があります"
    RETURN_PATH = "return-path", "Nobody is to be told if it fails", "不達の知らせが不要とされています"
    LIST_ID = "list-id", "It came by a mailing list", "メーリングリスト経由です"
    LIST_UNSUBSCRIBE = "list-unsubscribe", "It can be unsubscribed from", "配信停止の宛先があります"
    AUTOREPLY = "x-autoreply", "An automatic reply, by its sender's program", "自動返信の印があります"
    AUTORESPOND = "x-autorespond", "An automatic reply, by its sender's program", "自動返信の印があります"
    AUTORESPONDER = "x-autoresponder", "An automatic reply, by its sender's program", "自動返信の印があります"
    SUBJECT = "subject", "Its subject", "件名"
    FROM = "from", "Its sender", "差出人"
    ACTION = "action", "What became of the mail", "配送の結果"
    STATUS = "status", "The mail server's code", "メールサーバーのコード"
    DIAGNOSTIC = "diagnostic-code", "The mail server's words", "メールサーバーの説明"
    FINAL_RECIPIENT = "final-recipient", "The address that it failed for", "配送先のアドレス"
    ORIGINAL_RECIPIENT = "original-recipient", "The address that was written to", "元の宛先のアドレス"
    FAILED = "x-failed-recipients", "The address that it failed for", "不達になったアドレス"


def rule(code: str, language: str) -> str:
    """Return by what a mail was read; the name of the test where it has no sentence."""
    return ReadBy(code).say(language) if code in set(ReadBy) else code


def header(line: str, language: str) -> str:
    """Return what a header line means; empty for one that is not explained."""
    name = line.partition(":")[0].strip().lower()
    return HeaderSays(name).say(language) if name in set(HeaderSays) else ""
