"""What the pages about meetings say: days, hours, and how a meeting became known."""

from datetime import datetime

from django import template
from django.utils import dateformat, timezone
from django.utils.html import format_html
from django.utils.safestring import SafeString
from django.utils.translation import get_language, pgettext

from relent.terms.meetings import MeetingSource

register = template.Library()


@register.filter
def hour(moment: datetime) -> SafeString:
    """Show the time of day of a moment, in the zone of the page."""
    local = timezone.localtime(moment)
    return format_html('<time datetime="{}">{}</time>', local.isoformat(), f"{local:%H:%M}")


@register.filter
def day(moment: datetime) -> str:
    """Show the day of a moment, in the zone of the page."""
    pattern = pgettext("a day with its weekday (Django date format)", "l, j F")
    return str(dateformat.format(timezone.localtime(moment), pattern))


@register.filter
def source(code: str) -> str:
    """Return how a meeting became known."""
    return MeetingSource(code).say(get_language() or "en")
