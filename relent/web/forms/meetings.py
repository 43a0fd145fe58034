"""The forms of booking pages, of booking itself, and of meetings that users write down."""

import itertools
import re
from datetime import UTC, datetime, timedelta
from typing import TYPE_CHECKING, Any
from zoneinfo import ZoneInfo

from django import forms
from django.utils import dates, timezone
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from relent.flows import meetings_by_hand
from relent.flows.meetings_by_hand import Plan
from relent.records.models import BookingPage, Contact, Deal, User
from relent.terms import addresses

if TYPE_CHECKING:
    _ModelForm = forms.ModelForm[BookingPage]
else:
    _ModelForm = forms.ModelForm  # generic for the type checker only

WORKDAYS = range(5)
_SPAN = re.compile(r"(\d{1,2}):(\d{2})\s*[-–~〜]\s*(\d{1,2}):(\d{2})")
_DAY = 24 * 60


def _moment() -> forms.DateTimeInput:
    return forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M")


class PageForm(_ModelForm):
    """A booking page: its address, what it offers, and when."""

    class Meta:
        model = BookingPage
        fields = ["title", "slug", "about", "place", "minutes", "buffer", "notice", "horizon", "active"]
        labels = {
            "title": _("Title"),
            "slug": _("Address"),
            "about": _("What visitors should know"),
            "place": _("Place"),
            "minutes": _("Length in minutes"),
            "buffer": _("Pause around meetings, in minutes"),
            "notice": _("Earliest, minutes from now"),
            "horizon": _("Latest, days from now"),
            "active": _("Open for bookings"),
        }
        help_texts = {
            "slug": _("The last part of the page's address. In a step, write {{ meeting_link.ADDRESS }}."),
            "place": _("A telephone number, a video link or a street. It stands in the invitation."),
        }
        widgets = {"about": forms.Textarea(attrs={"rows": 2})}

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["minutes"].min_value = 5  # type: ignore[attr-defined]  # an IntegerField
        hours = self.instance.hours if self.instance.pk else {str(day): [[540, 1020]] for day in WORKDAYS}
        for day in range(7):
            self.fields[f"hours_{day}"] = forms.CharField(
                label=dates.WEEKDAYS[day],
                required=False,
                max_length=100,
                initial=", ".join(f"{_clock(start)}-{_clock(end)}" for start, end in hours.get(str(day), [])),
                widget=forms.TextInput(attrs={"placeholder": "09:00-12:00, 13:00-17:00"}),
            )

    def week(self) -> list[forms.BoundField]:
        """Return the fields of the weekdays."""
        return [self[f"hours_{day}"] for day in range(7)]

    def rest(self) -> list[forms.BoundField]:
        """Return the other fields."""
        return [self[name] for name in self._meta.fields or ()]

    def clean_slug(self) -> str:
        """Store the one spelling in which addresses are compared."""
        slug: str = self.cleaned_data["slug"].lower()
        if BookingPage.objects.filter(slug=slug).exclude(pk=self.instance.pk).exists():
            raise forms.ValidationError(_("Another page has this address already."))
        return slug

    def clean_minutes(self) -> int:
        """Refuse what is no meeting."""
        minutes: int = self.cleaned_data["minutes"]
        if not 5 <= minutes <= 8 * 60:
            raise forms.ValidationError(_("Between 5 minutes and 8 hours, please."))
        return minutes

    def clean_horizon(self) -> int:
        """Bound how far visitors can look ahead."""
        days: int = self.cleaned_data["horizon"]
        if not 1 <= days <= 366:
            raise forms.ValidationError(_("Between 1 and 366 days, please."))
        return days

    def clean(self) -> dict[str, Any]:
        """Read the hours of each weekday."""
        data = super().clean() or self.cleaned_data
        self.instance.hours = {}
        for day in range(7):
            spans = self._spans(day)
            if spans:
                self.instance.hours[str(day)] = spans
        return data

    def _spans(self, day: int) -> list[list[int]]:
        written = str(self.cleaned_data.get(f"hours_{day}") or "").strip()
        spans = [_minutes(found) for found in _SPAN.finditer(written)]
        rest = _SPAN.sub("", written).strip(" ,、;")
        ordered = all(0 <= start < end <= _DAY for start, end in spans)
        apart = all(first[1] <= second[0] for first, second in itertools.pairwise(spans))
        if rest or not ordered or not apart:
            self.add_error(f"hours_{day}", gettext("Write the hours so: 09:00-12:00, 13:00-17:00"))
        return spans


class BookForm(forms.Form):
    """Who books."""

    name = forms.CharField(label=_("Your name"), max_length=150, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "email"})
    )
    note = forms.CharField(
        label=_("What is it about?"), required=False, max_length=1000, widget=forms.Textarea(attrs={"rows": 2})
    )

    def clean_email(self) -> str:
        """Return the one spelling that addresses are compared in."""
        return addresses.canonical(self.cleaned_data["email"])


class MeetingForm(forms.Form):
    """A meeting with a contact that a user writes down."""

    title = forms.CharField(label=_("Title"), max_length=300)
    starts_at = forms.DateTimeField(
        label=_("Starts"), widget=_moment(), help_text=_("In the past, it is logged; in the future, it is scheduled.")
    )
    minutes = forms.IntegerField(label=_("Length in minutes"), min_value=1, max_value=24 * 60, initial=30)
    hosts = forms.ModelMultipleChoiceField(
        label=_("Who of us takes part"), queryset=User.objects.none(), widget=forms.CheckboxSelectMultiple
    )
    others = forms.CharField(
        label=_("Further mail addresses"), required=False, max_length=1000, help_text=_("Apart by commas.")
    )
    deals = forms.ModelMultipleChoiceField(
        label=_("Deals"), queryset=Deal.objects.none(), required=False, widget=forms.CheckboxSelectMultiple
    )
    place = forms.CharField(label=_("Place"), required=False, max_length=300)

    def __init__(self, *args: Any, user: User, contact: Contact, now: datetime, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.contact = contact
        self.fields["hosts"].queryset = User.objects.filter(is_active=True).order_by("name", "pk")  # type: ignore[attr-defined]  # a ModelMultipleChoiceField
        self.fields["hosts"].initial = [user.pk]
        self.fields["deals"].queryset = meetings_by_hand.deals_of([contact], user)  # type: ignore[attr-defined]  # a ModelMultipleChoiceField
        if not self.fields["deals"].queryset:  # type: ignore[attr-defined]  # a ModelMultipleChoiceField
            del self.fields["deals"]
        self.fields["starts_at"].initial = timezone.localtime(now).replace(minute=0, second=0, microsecond=0)

    def clean_others(self) -> tuple[str, ...]:
        """Read the addresses."""
        written = re.split(r"[,、;\s]+", self.cleaned_data["others"])
        found = tuple(addresses.canonical(one) for one in written if one)
        for one in found:
            forms.EmailField().clean(one)
        return found

    def plan(self) -> Plan:
        """Return what is written down; call after ``is_valid``."""
        data = self.cleaned_data
        return Plan(
            title=data["title"],
            starts_at=data["starts_at"],
            ends_at=data["starts_at"] + timedelta(minutes=data["minutes"]),
            contacts=(self.contact,),
            hosts=tuple(data["hosts"]),
            attendees=data["others"],
            deals=tuple(data.get("deals") or ()),
            place=data["place"],
        )


class SchedulerForm(forms.Form):
    """What signs a scheduler's reports, and where it runs."""

    secret = forms.CharField(
        label=_("Signing secret"),
        required=False,
        max_length=500,
        strip=True,
        widget=forms.PasswordInput(attrs={"autocomplete": "off"}),
    )
    hosts = forms.CharField(
        label=_("Further host names"),
        required=False,
        max_length=400,
        help_text=_("Where you run it yourself: meet.example.com. Apart by spaces."),
    )


def moment(written: str) -> datetime | None:
    """Return the moment that an address names (ISO 8601, with its offset); ``None`` where it is none."""
    try:
        found = datetime.fromisoformat(written)
        # At the ends of the calendar nothing can be added or taken away; nobody meets there.
        return found.astimezone(UTC) if found.tzinfo and 2000 <= found.year < 2200 else None
    except (ValueError, OverflowError):
        return None


def zone(written: str, otherwise: str) -> str:
    """Return the time zone ``written`` where there is such a one, else ``otherwise``."""
    try:
        return ZoneInfo(written).key if written else otherwise
    except (KeyError, ValueError, OSError):  # zoneinfo raises all three for names that are none
        return otherwise


def _clock(minute: int) -> str:
    return f"{minute // 60:02}:{minute % 60:02}"


def _minutes(found: re.Match[str]) -> list[int]:
    start_hour, start, end_hour, end = (int(part) for part in found.groups())
    bad = start > 59 or end > 59
    return [-1, -1] if bad else [start_hour * 60 + start, end_hour * 60 + end]
