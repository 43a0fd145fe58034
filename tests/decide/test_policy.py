from typing import Any

import pytest

from relent.decide import policy
from relent.decide.policy import SAFE, SETTINGS, STRICT, UnknownSetting

# What the two profiles promise, written out a second time: a change to either is a change of behavior.
PROMISED = {
    "you_scope": ("any_connected_user", "enroller"),
    "company_scope": ("primary", "primary"),
    "ooo": ("pause", "stays"),
    "ooo_pause_days": ("7", "7"),
    "gmail_ooo_in_outlook": ("as_ooo", "unenrolls"),
    "left_company": ("unenrolls", "stays"),
    "meeting_hosts": ("enroller_or_sender", "enroller"),
    "calendars_that_count": ("google,microsoft,caldav", "google"),
    "own_link_from_elsewhere": ("unenrolls", "stays"),
    "planned_meeting": ("hold", "stays"),
    "declined_host": ("review", "stays"),
    "same_domain_review": ("hold", "stays"),
    "shared_mailbox_mail": ("hold", "stays"),
    "unauthenticated": ("hold", "counts"),
    "sender_follow_up": ("pause", "stays"),
    "unsubscribed_elsewhere": ("unenrolls", "refused_at_send"),
    "mailbox_down": ("hold", "ends"),
    "creator_removed": ("hold", "unenrolls"),
    "workflow_over_limit": ("queue", "skip"),
    "exclusive": ("true", "true"),
    "reenroll": ("any", "any"),
    "cooldown_days": ("0", "0"),
    "touch_cooldown_days": ("0", "0"),
    "trigger_changes": ("running", "running"),
}


def test_each_profile_sets_every_setting_as_promised() -> None:
    safe, strict = policy.of(SAFE, {}), policy.of(STRICT, {})
    assert {setting.name: (safe[setting.name], strict[setting.name]) for setting in SETTINGS} == PROMISED


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_what_a_profile_sets_may_also_be_set_by_hand(setting: policy.Setting) -> None:
    for value in (*setting.allowed, setting.safe, setting.strict):
        assert policy.of(SAFE, {setting.name: value})[setting.name] == value


def test_an_override_leaves_everything_else_as_the_profile_has_it() -> None:
    changed = policy.of(SAFE, {"you_scope": "enroller"})
    assert dict(changed.values) == {**policy.of(SAFE, {}).values, "you_scope": "enroller"}


@pytest.mark.parametrize(
    ("given", "held"),
    [
        ({"exclusive": False}, ("exclusive", "false")),
        ({"ooo_pause_days": 14}, ("ooo_pause_days", "14")),
        ({"ooo_pause_days": 0}, ("ooo_pause_days", "0")),
        ({"calendars_that_count": ["caldav", "google"]}, ("calendars_that_count", "google,caldav")),
        ({"calendars_that_count": "google, microsoft"}, ("calendars_that_count", "google,microsoft")),
    ],
)
def test_a_value_is_held_as_text_however_it_is_written(given: dict[str, Any], held: tuple[str, str]) -> None:
    name, value = held
    assert policy.of(SAFE, given)[name] == value


@pytest.mark.parametrize(
    "wrong",
    [
        {"you_scop": "enroller"},
        {"you_scope": "everybody"},
        {"you_scope": ""},
        {"exclusive": None},
        {"ooo_pause_days": "soon"},
        {"ooo_pause_days": -1},
        {"ooo_pause_days": 1.5},
        {"ooo_pause_days": 10**12},
        {"calendars_that_count": "gogle"},
        {"calendars_that_count": []},
    ],
)
def test_a_setting_or_a_value_that_does_not_exist_is_refused(wrong: dict[str, Any]) -> None:
    with pytest.raises(UnknownSetting, match=next(iter(wrong))):
        policy.of(SAFE, wrong)


def test_a_profile_that_does_not_exist_is_refused_and_the_others_are_named() -> None:
    with pytest.raises(UnknownSetting, match="safe, hubspot-strict"):
        policy.of("lenient", {})


def test_the_profiles_are_compared_without_the_accounts_own_overrides() -> None:
    ours = policy.of(SAFE, {"company_scope": "any"})
    assert ours.under(ours.other_profile) == policy.of(STRICT, {})
    assert policy.of(STRICT, {}).other_profile == SAFE


def test_every_setting_says_what_it_means_in_both_languages() -> None:
    assert all(setting.meaning.isascii() and not setting.meaning_ja.isascii() for setting in SETTINGS)
