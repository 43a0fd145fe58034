"""May this contact be enrolled? Every fault is named, so that one look is enough to mend them all."""

from dataclasses import dataclass

from relent.terms.reasons import Refusal


@dataclass(frozen=True, slots=True, kw_only=True)
class EnrollFacts:
    """What is known of a wish to enroll. ``missing_tokens`` have neither a value nor a fallback."""

    may_use_sequences: bool
    may_see: bool
    may_use_mailbox: bool
    mailbox_connected: bool
    has_step: bool
    address: str
    suppression: Refusal | None
    open_enrollments: int
    exclusive: bool
    missing_tokens: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Fault:
    """One reason to refuse, and what it is about."""

    code: Refusal
    detail: str = ""


def faults(facts: EnrollFacts) -> tuple[Fault, ...]:
    """Return every reason to refuse, what the user cannot mend first; empty where the contact may be enrolled."""
    found: list[Fault] = []
    if not (facts.may_use_sequences and facts.may_see and facts.may_use_mailbox):
        found.append(Fault(Refusal.NOT_ALLOWED))
    if facts.suppression is not None:
        found.append(Fault(facts.suppression, facts.address))
    if facts.exclusive and facts.open_enrollments:
        found.append(Fault(Refusal.ALREADY_ENROLLED))
    if not facts.address:
        found.append(Fault(Refusal.NO_ADDRESS))
    if not facts.has_step:
        found.append(Fault(Refusal.NO_STEPS))
    if not facts.mailbox_connected:
        found.append(Fault(Refusal.NO_MAILBOX))
    if facts.missing_tokens:
        found.append(Fault(Refusal.MISSING_TOKEN, ", ".join(facts.missing_tokens)))
    return tuple(found)
