import pytest

from relent.transports import roles
from relent.transports.base import FolderRole


@pytest.mark.parametrize(
    ("name", "role"),
    [
        ("Sent", FolderRole.SENT),
        ("INBOX.Sent Items", FolderRole.SENT),
        ("送信済みアイテム", FolderRole.SENT),
        ("[Gmail].迷惑メール", FolderRole.SPAM),
        ("ゴミ箱", FolderRole.TRASH),
        ("ゴミ箱".replace("ゴミ", "ｺﾞﾐ"), FolderRole.TRASH),
        ("下書き", FolderRole.DRAFTS),
        ("Éléments envoyés", FolderRole.SENT),
        ("Projects.Sent", FolderRole.OTHER),
        ("Outbox", FolderRole.OTHER),
    ],
)
def test_names_tell_roles_where_mail_programs_put_them(name: str, role: FolderRole) -> None:
    assert roles.by_name(name, ".") is role


def test_attributes_tell_roles_whatever_the_name() -> None:
    assert roles.by_attributes("Zzz", ["\\hasnochildren", "\\junk"]) is FolderRole.SPAM
    assert roles.by_attributes("inbox", []) is FolderRole.INBOX
