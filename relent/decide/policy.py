"""The account's settings and the two profiles that set all of them. A difference between profiles is a row here.

``safe`` is the default: where the letter of what sales people know would mail somebody who has answered, it stops or
asks. ``hubspot-strict`` reproduces that letter, gaps included, for those who migrate or compare.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

SAFE = "safe"
STRICT = "hubspot-strict"
PROFILES = (SAFE, STRICT)
# A year: what is meant to pause for longer is no pause.
_DAYS_AT_MOST = 365


@dataclass(frozen=True, slots=True)
class Setting:
    """One setting: its allowed values, and what each profile sets. ``allowed`` is empty for a number of days, and names
    only the usual choices for a list."""

    name: str
    meaning: str
    meaning_ja: str
    allowed: tuple[str, ...]
    safe: str
    strict: str


SETTINGS: tuple[Setting, ...] = (
    Setting(
        "you_scope",
        "Whose mailbox makes a mail outside the sequence count",
        "シーケンス外のメールを、誰の受信箱に届いた場合に数えるか",
        ("enroller", "sender_or_enroller", "any_connected_user"),
        "any_connected_user",
        "enroller",
    ),
    Setting(
        "company_scope",
        "Which company associations make colleagues",
        "どの会社との関連付けを同僚とみなすか",
        ("primary", "any"),
        "primary",
        "primary",
    ),
    Setting(
        "ooo", "What an out-of-office reply does", "不在通知を受けたときの動作", ("pause", "stays"), "pause", "stays"
    ),
    Setting(
        "ooo_pause_days", "Days to pause where no date of return is given", "復帰日が不明な場合の停止日数", (), "7", "7"
    ),
    Setting(
        "gmail_ooo_in_outlook",
        "What Gmail's out-of-office reply in an Outlook inbox does",
        "Outlookの受信箱に届いたGmailの不在通知の扱い",
        ("as_ooo", "unenrolls"),
        "as_ooo",
        "unenrolls",
    ),
    Setting(
        "left_company",
        "What a note that the contact has left the company does",
        "退職の通知を受けたときの動作",
        ("unenrolls", "stays"),
        "unenrolls",
        "stays",
    ),
    Setting(
        "meeting_hosts",
        "A meeting with whom counts",
        "誰とのミーティングを数えるか",
        ("enroller", "enroller_or_sender"),
        "enroller_or_sender",
        "enroller",
    ),
    Setting(
        "calendars_that_count",
        "Whose calendars count",
        "どのカレンダーを数えるか",
        ("google", "google,microsoft,caldav"),
        "google,microsoft,caldav",
        "google",
    ),
    Setting(
        "own_link_from_elsewhere",
        "A booking through a link that stood in no sent mail",
        "送信メールにないリンクからの予約",
        ("unenrolls", "stays"),
        "unenrolls",
        "stays",
    ),
    Setting(
        "planned_meeting",
        "A meeting known before the enrollment",
        "登録前から予定されたミーティング",
        ("hold", "stays"),
        "hold",
        "stays",
    ),
    Setting(
        "declined_host",
        "A meeting that its host declined",
        "主催者が辞退したミーティング",
        ("review", "stays"),
        "review",
        "stays",
    ),
    Setting(
        "same_domain_review",
        "A new mail from an unknown address of the contact's domain",
        "コンタクトと同じドメインの未知のアドレスからの新規メール",
        ("hold", "stays"),
        "hold",
        "stays",
    ),
    Setting(
        "shared_mailbox_mail",
        "The contact writes to a shared mailbox that is out of scope",
        "対象外の共有メールボックスへのメール",
        ("hold", "stays"),
        "hold",
        "stays",
    ),
    Setting(
        "unauthenticated",
        "A mail outside the thread that fails authentication",
        "送信者認証に失敗したスレッド外のメール",
        ("hold", "counts"),
        "hold",
        "counts",
    ),
    Setting(
        "sender_follow_up",
        "The rep writes in the thread by hand",
        "担当者が手動でスレッドに返信した場合",
        ("pause", "stays"),
        "pause",
        "stays",
    ),
    Setting(
        "unsubscribed_elsewhere",
        "The contact unsubscribed elsewhere",
        "別の場所で配信停止した場合",
        ("unenrolls", "refused_at_send"),
        "unenrolls",
        "refused_at_send",
    ),
    Setting(
        "mailbox_down",
        "A mail falls due while the mailbox cannot be read",
        "受信箱を読めない間に送信時刻を迎えた場合",
        ("hold", "ends"),
        "hold",
        "ends",
    ),
    Setting(
        "creator_removed",
        "The sequence's owner is removed",
        "シーケンスの所有者が削除された場合",
        ("hold", "unenrolls"),
        "hold",
        "unenrolls",
    ),
    Setting(
        "workflow_over_limit",
        "A workflow enrolls past the limit",
        "ワークフローの登録が上限を超えた場合",
        ("queue", "skip"),
        "queue",
        "skip",
    ),
    Setting(
        "exclusive",
        "One active enrollment per contact",
        "コンタクトごとに有効な登録は1件のみ",
        ("true", "false"),
        "true",
        "true",
    ),
    Setting(
        "reenroll",
        "Whether a contact may be enrolled in the same sequence again",
        "同じシーケンスへの再登録",
        ("any", "once"),
        "any",
        "any",
    ),
    Setting(
        "cooldown_days",
        "Days that must lie between the end of one enrollment and the next",
        "登録終了から次の登録までの最小日数",
        (),
        "0",
        "0",
    ),
    Setting(
        "touch_cooldown_days",
        "Days that must lie between the last mail or call by hand and an enrollment",
        "手動の連絡から登録までの最小日数",
        (),
        "0",
        "0",
    ),
    Setting(
        "trigger_changes",
        "Which enrollments a changed trigger of a sequence concerns",
        "シーケンスのトリガー変更の適用範囲",
        ("running", "new_only"),
        "running",
        "running",
    ),
)

_BY_NAME = {setting.name: setting for setting in SETTINGS}


class UnknownSetting(ValueError):
    """A setting, a value or a profile that does not exist."""


@dataclass(frozen=True)
class Policy:
    """The settings that hold: a profile and what differs from it."""

    profile: str
    values: Mapping[str, str]

    def __getitem__(self, name: str) -> str:
        return self.values[name]

    def under(self, profile: str) -> "Policy":
        """Return the policy that another profile would give, the account's own overrides kept out."""
        return of(profile, {})

    @property
    def other_profile(self) -> str:
        """The profile that this one is compared with in the ledger."""
        return STRICT if self.profile == SAFE else SAFE


def of(profile: str, overrides: Mapping[str, Any]) -> Policy:
    """Return the policy of ``profile`` with ``overrides``. Raises UnknownSetting."""
    if profile not in PROFILES:
        raise UnknownSetting(f"There is no profile {profile!r}; there are {', '.join(PROFILES)}.")
    values = {setting.name: setting.safe if profile == SAFE else setting.strict for setting in SETTINGS}
    for name, value in overrides.items():
        values[name] = _checked(name, value)
    return Policy(profile, values)


def _checked(name: str, value: Any) -> str:
    if name not in _BY_NAME:
        raise UnknownSetting(f"There is no setting {name!r}.")
    written = ",".join(value) if isinstance(value, list | tuple) else str(value).lower()
    allowed = _BY_NAME[name].allowed
    if name == "calendars_that_count":
        return _checked_calendars(written)
    if not allowed and not (written.isdecimal() and int(written) <= _DAYS_AT_MOST):
        raise UnknownSetting(f"{name} must be a whole number up to {_DAYS_AT_MOST}.")
    if allowed and written not in allowed:
        raise UnknownSetting(f"{name} must be one of {', '.join(allowed)}.")
    return written


def _checked_calendars(written: str) -> str:
    """A misspelt calendar would count for nothing, and meetings would be missed in silence."""
    known = _BY_NAME["calendars_that_count"].safe.split(",")
    named = [name.strip() for name in written.split(",")]
    if not set(named) <= set(known):
        raise UnknownSetting(f"calendars_that_count must be some of {', '.join(known)}.")
    return ",".join(name for name in known if name in named)
