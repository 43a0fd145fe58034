"""What a folder is for: by the attributes of RFC 6154 first, by names that mail programs give second."""

import unicodedata
from collections.abc import Iterable

from relent.transports.base import FolderRole

# RFC 6154 section 2, in lower case.
_BY_ATTRIBUTE = {
    "\\sent": FolderRole.SENT,
    "\\junk": FolderRole.SPAM,
    "\\drafts": FolderRole.DRAFTS,
    "\\trash": FolderRole.TRASH,
    "\\all": FolderRole.ALL,
}

# Views of mails that lie elsewhere: reading them would only read everything twice (RFC 6154 section 2, RFC 8457).
VIEWS = frozenset({"\\flagged", "\\important"})

_BY_NAME = {
    FolderRole.SENT: (
        "sent", "sent items", "sent messages", "sent mail", "sent-mail",
        "送信済み", "送信済みアイテム", "送信済みトレイ", "送信済みメール",
        "gesendet", "gesendete elemente", "gesendete objekte", "éléments envoyés", "messages envoyés", "envoyés",
        "enviados", "elementos enviados", "itens enviados", "posta inviata", "inviata", "verzonden items",
        "보낸편지함", "已发送", "已发送邮件", "寄件備份",
    ),
    FolderRole.SPAM: (
        "spam", "junk", "junk mail", "junk email", "junk e-mail", "bulk mail", "迷惑メール", "迷惑メールフォルダ",
        "スパム", "spam-verdacht", "junk-e-mail", "courrier indésirable", "indésirables", "correo no deseado",
        "posta indesiderata", "lixo eletrônico", "ongewenste e-mail", "스팸메일함", "垃圾邮件", "垃圾郵件",
    ),
    FolderRole.DRAFTS: (
        "drafts", "draft", "下書き", "草稿", "entwürfe", "brouillons", "borradores", "bozze", "rascunhos", "concepten",
        "임시보관함", "草稿箱",
    ),
    FolderRole.TRASH: (
        "trash", "bin", "deleted items", "deleted messages", "deleted", "ごみ箱", "ゴミ箱", "削除済みアイテム",
        "papierkorb", "gelöschte elemente", "corbeille", "éléments supprimés", "papelera", "elementos eliminados",
        "cestino", "lixeira", "prullenbak", "휴지통", "已删除邮件", "垃圾桶",
    ),
}  # fmt: skip

# INBOX first: a mail that someone moves while the folders are read then turns up in a later one.
_ORDER = (FolderRole.INBOX, FolderRole.OTHER, FolderRole.SENT, FolderRole.SPAM, FolderRole.TRASH, FolderRole.ALL)


def by_attributes(name: str, attributes: Iterable[str]) -> FolderRole:
    """Return the role that a server's LIST attributes (in lower case) give; OTHER where they give none."""
    if name.upper() == "INBOX":
        return FolderRole.INBOX
    return next((_BY_ATTRIBUTE[a] for a in attributes if a in _BY_ATTRIBUTE), FolderRole.OTHER)


def by_name(name: str, delimiter: str) -> FolderRole:
    """Return the role that a folder's name tells; only at the top and directly below INBOX, where programs put them."""
    parts = name.split(delimiter) if delimiter else [name]
    if parts[0].upper() in ("INBOX", "[GMAIL]", "[GOOGLE MAIL]"):
        parts = parts[1:]
    if len(parts) != 1:
        return FolderRole.OTHER
    plain = unicodedata.normalize("NFKC", parts[0]).casefold().strip()
    return next((role for role, names in _BY_NAME.items() if plain in names), FolderRole.OTHER)


def rank(role: FolderRole) -> int:
    """Return the place of a role in the order of reading; Drafts have none and come last."""
    return _ORDER.index(role) if role in _ORDER else len(_ORDER)
