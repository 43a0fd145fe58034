"""What a user has: what somebody else would take over."""

from dataclasses import dataclass

from django.db.models import Q

from relent.records import models
from relent.terms.reasons import HoldReason
from relent.terms.states import EnrollmentState, TaskState


@dataclass(frozen=True, slots=True, kw_only=True)
class Belongings:
    """Counts. ``in_sequences`` are the open enrollments in the user's sequences, ``enrollments`` the open ones that the
    user made or whose mails leave from a mailbox of theirs, ``held`` what is held because the user is gone."""

    sequences: int
    in_sequences: int
    enrollments: int
    held: int
    contacts: int
    mailboxes: int
    tasks: int

    @property
    def anything_runs(self) -> bool:
        """Whether removing the user touches an enrollment."""
        return bool(self.in_sequences or self.enrollments)


def of(user: models.User) -> Belongings:
    """Count what ``user`` has."""
    owned = models.Sequence.objects.present().filter(owner=user)
    in_sequences = models.Enrollment.objects.open().filter(sequence__in=owned)
    own = models.Enrollment.objects.open().filter(Q(enrolled_by=user) | Q(mailbox__user=user))
    for_owner = in_sequences.filter(state=EnrollmentState.HELD, reason=HoldReason.CREATOR_REMOVED)
    for_sender = own.filter(state=EnrollmentState.HELD, reason=HoldReason.ENROLLER_REMOVED)
    return Belongings(
        sequences=owned.count(),
        in_sequences=in_sequences.count(),
        enrollments=own.count(),
        held=len({*for_owner.values_list("pk", flat=True), *for_sender.values_list("pk", flat=True)}),
        contacts=models.Contact.objects.present().filter(owner=user).count(),
        mailboxes=models.Mailbox.objects.in_use().filter(user=user).count(),
        tasks=models.Task.objects.filter(assignee=user, state=TaskState.OPEN).count(),
    )
