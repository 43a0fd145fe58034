"""Reactions: one picture in answer to a mail, and the list of them that a server sends."""

from relent.mail import phrases
from relent.mail.message import Message

# https://developers.google.com/workspace/gmail/reactions/format
_PART = "text/vnd.google.email-reaction+json"
_DIGEST = phrases.any_of(
    r"^\s*(?:e-?mail )?reactions? (?:daily )?(?:digest|summary)\b",
    r"^\s*(?:tägliche )?(?:zusammenfassung der |digest der )reaktionen\b",
    r"^\s*リアクションの?(?:毎日の?|日次)?(?:ダイジェスト|概要)",
)
_DIGEST_SENDER = phrases.any_of(
    r"^(?:no|do[-_.]?not)[-_.]?reply@",
    r"^microsoftexchange[0-9a-f]{6,64}@",
    r"@(?:[\w-]{1,60}\.)?(?:microsoft|office365)\.com$",
)


def read(message: Message) -> str:
    """Return the type of the part that holds a reaction sent from Gmail; empty where there is none."""
    return _PART if message.part(_PART) else ""


def digest(message: Message) -> bool:
    """Whether Outlook lists here who reacted to which mails: a machine's summary, and no mail of theirs."""
    return bool(_DIGEST.search(message.subject[:300]) and _DIGEST_SENDER.search(message.sender))
