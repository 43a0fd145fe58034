"""What templates say: times, reasons, labels, icons and initials."""

import re
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django import template
from django.middleware.csrf import get_token
from django.utils import dateformat, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, pgettext

from relent import clock
from relent.flows import automating, notifying, overruling
from relent.records.models import Contact, ContactList, Deal, InboundItem, Sequence, User
from relent.terms.cautions import Caution
from relent.terms.reviews import Wrote
from relent.web import advice, asking, attention, icons, setting_words, witnesses, words

_TOKEN = re.compile(r"\{\{\s*([\w.-]+)[^{}]*\}\}")

register = template.Library()

register.filter("label", words.label)
register.filter("kind", words.kind)
register.filter("part", words.part)
register.filter("witnesses", witnesses.told)
register.filter("advice", advice.on)
register.filter("sentence", words.sentence)
register.filter("reason", words.reason)
register.filter("step_code", words.step_code)
register.filter("followed", words.followed)
register.filter("notice", words.notice)
register.filter("done", words.done)
register.filter("written", asking.written)


@register.filter
def when(moment: datetime | None) -> SafeString | str:
    """Show a moment in the user's time zone; the exact one stands in ``datetime``."""
    if moment is None:
        return "–"
    local = timezone.localtime(moment)
    if local.year == timezone.localtime(clock.now()).year:
        pattern = pgettext("date and time within this year (Django date format)", "D j M, H:i")
    else:
        pattern = pgettext("date and time in another year (Django date format)", "j M Y, H:i")
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), dateformat.format(local, pattern))


@register.filter
def named_for(sequence: Sequence, user: User) -> str:
    """Name a sequence for ``user``; a private one of somebody else's is not named."""
    if sequence.private and sequence.owner_id != user.pk and not user.is_super_admin:
        return gettext("A private sequence")
    return sequence.name


@register.filter
def bare(template_text: str) -> str:
    """Show a subject with its tokens in a short form: ``[company.name]``."""
    return _TOKEN.sub(r"[\1]", template_text)


@register.filter
def initials(contact: Contact) -> str:
    """Return the letters that stand for a contact's picture."""
    names = [name for name in (contact.first_name, contact.last_name) if name]
    if names and not names[-1].isascii():
        return names[-1][0]  # a Japanese family name is told by its first character
    return "".join(name[0] for name in names).upper() or contact.name[:1].upper() or "?"


@register.filter
def hue(row: Any) -> int:
    """Return which of eight colors stands for a row."""
    return int(row.pk or 0) % 8


@register.filter
def percent(part: int | None, whole: int | None) -> str:
    """Return ``part`` of ``whole`` in per cent; a dash where there is nothing to divide."""
    return f"{round(100 * (part or 0) / whole)} %" if whole else "–"


@register.filter
def share(part: int | None, whole: int | None) -> int:
    """Return the width of a bar out of 100."""
    return round(100 * (part or 0) / whole) if whole else 0


@register.simple_tag
def icon(name: str) -> SafeString:
    """Draw an icon; it is decoration, so a reader skips it."""
    return mark_safe(  # noqa: S308  # the drawings are constants of our own
        '<svg class="icon" viewBox="0 0 24 24" width="20" height="20" aria-hidden="true" focusable="false">'
        f"{icons.PATHS[name]}</svg>"
    )


@register.simple_tag(takes_context=True)
def query(context: dict[str, Any], **changes: Any) -> str:
    """Return the page's query string with ``changes``; an empty value takes a parameter away."""
    kept = {**context["request"].GET.dict(), **changes}
    return "?" + urlencode({name: value for name, value in kept.items() if value not in ("", None)})


@register.simple_tag(takes_context=True)
def here(context: dict[str, Any], *starts: str) -> SafeString:
    """Mark the navigation's link to the page that is open."""
    path = context["request"].path
    found = any(path == start if start == "/" else path.startswith(start) for start in starts)
    return format_html(' aria-current="{}"', "page") if found else SafeString("")


@register.inclusion_tag("web/contacts/belongs.html", takes_context=True)
def belongs_to(context: dict[str, Any], contact: Contact) -> dict[str, Any]:
    """Show a contact's deals, those that the user sees, and its lists."""
    request = context["request"]
    on = list(contact.lists.select_related("list").order_by("list__name"))
    belongs = {
        "deals": Deal.objects.visible_to(request.user).filter(contacts=contact).order_by("-created_at")[:20],
        "lists": on,
        "other_lists": ContactList.objects.exclude(pk__in=[row.list_id for row in on]).order_by("name")[:200],
    }
    return {"contact": contact, "belongs": belongs, "csrf_token": get_token(request)}


@register.simple_tag(takes_context=True)
def unread_count(context: dict[str, Any]) -> int:
    """Return how many notifications the user has not read."""
    return notifying.unread(context["request"].user)


@register.simple_tag(takes_context=True)
def waiting_count(context: dict[str, Any]) -> int:
    """Return how many things wait for the user's decision."""
    return attention.count(context["request"].user)


@register.filter
def other_word(item: InboundItem) -> str:
    """Return what a person could say against the judgement of a mail: ``person`` or ``automatic``; empty where who
    wrote it is no question."""
    match overruling.as_judged(item):
        case Wrote.PERSON:
            return Wrote.AUTOMATIC.value
        case Wrote.AUTOMATIC:
            return Wrote.PERSON.value
        case None:
            return ""


@register.simple_tag
def automation_is_on() -> bool:
    """Return whether the account has the Automation tab."""
    return automating.is_on(clock.now())


@register.filter
def caution(code: Caution) -> str:
    """Return what is warned of before enrolling, in the visitor's language."""
    return code.say(get_language() or "en")


@register.filter
def datetime_local(moment: datetime) -> str:
    """Write a moment as a field for date and time takes it, rounded up to the minute, in the user's time zone."""
    return timezone.localtime(moment + timedelta(seconds=59)).strftime("%Y-%m-%dT%H:%M")


@register.filter
def value_of(value: str, setting: str) -> str:
    """Return what the value of a setting means, in the visitor's language."""
    return setting_words.value(setting, value)
