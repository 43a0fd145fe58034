"""Who takes over what of a user who leaves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from relent.flows.taking_over import HandOver
from relent.records.models import Mailbox, User
from relent.terms.states import MailboxState

_EVERYBODY = "everybody"


class HandOverForm(forms.Form):
    """For each kind of thing, who takes it over; nobody is a choice, too."""

    sequences_to = forms.ModelChoiceField(
        label=_("Who takes over the sequences"),
        queryset=User.objects.none(),
        required=False,
        empty_label=_("Nobody yet: they are held"),
    )
    mailbox = forms.ModelChoiceField(
        label=_("From which mailbox the next mails leave"),
        queryset=Mailbox.objects.none(),
        required=False,
        empty_label=_("None yet: they are held"),
        help_text=_(
            "The next mail comes from another sender and begins a new conversation. Answers to mails that left before "
            "arrive in the former mailbox, and are read only while it is connected."
        ),
    )
    contacts_to = forms.ChoiceField(label=_("Who takes over the contacts"), required=False)

    def __init__(self, *args: Any, leaving: User, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        others = User.objects.filter(is_active=True, removed_at=None).exclude(pk=leaving.pk).order_by("name")
        seated = others.filter(may_enroll=True, seat_lost_at=None)
        connected = Mailbox.objects.filter(state=MailboxState.CONNECTED).exclude(user=leaving)
        self.fields["sequences_to"].queryset = seated  # type: ignore[attr-defined]  # a ModelChoiceField
        self.fields["mailbox"].queryset = (  # type: ignore[attr-defined]  # a ModelChoiceField
            connected.filter(user__isnull=True) | connected.filter(user__in=seated)
        ).order_by("address")
        self._others = {str(user.pk): user for user in others}
        self.fields["contacts_to"].choices = [  # type: ignore[attr-defined]  # a ChoiceField
            ("", _("Nobody: they stay as they are")),
            (_EVERYBODY, _("Nobody: everybody sees them")),
            *((pk, str(user)) for pk, user in self._others.items()),
        ]

    def wish(self) -> HandOver:
        """Return what was chosen."""
        contacts_to = self.cleaned_data["contacts_to"]
        return HandOver(
            sequences_to=self.cleaned_data["sequences_to"],
            mailbox=self.cleaned_data["mailbox"],
            contacts_to=self._others.get(contacts_to),
            contacts_to_everybody=contacts_to == _EVERYBODY,
        )
