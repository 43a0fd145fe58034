"""Does a colleague's reply unenroll this contact?

Two settings of the *receiving* enrollment's sequence say so. The older checkbox takes the contact out on any reply of a
colleague, wherever it was sent. The trigger ``company`` takes out everybody of the company in *this* sequence: a reply
to another sequence's mail is that sequence's matter. Both want a reply, not a new mail, from a contact who works there
by association, and sure of its sender: what would stop many needs more than what stops one.
"""

from relent.decide.facts import ActorFacts, EnrollmentFacts
from relent.decide.verdicts import Verdict
from relent.terms.events import PersonWrote
from relent.terms.history import Action
from relent.terms.reasons import EndReason, KeepReason
from relent.terms.steps import Trigger


def decide(event: PersonWrote, actor: ActorFacts, enrollment: EnrollmentFacts, *, reached: bool) -> Verdict:
    """Return what a colleague's mail means for ``enrollment``. ``reached``: it went to somebody whose mail counts."""
    by_trigger = enrollment.reply_trigger is Trigger.COMPANY
    if enrollment.reply_trigger is Trigger.OFF or not (by_trigger or enrollment.same_company):
        return _keep(KeepReason.TRIGGER_OFF, "colleague.trigger_off")
    if not is_answer(event, actor):
        return _keep(KeepReason.NOT_AN_ANSWER, "colleague.new_mail")
    if event.authenticated is False:
        return _keep(KeepReason.DOUBTFUL_COLLEAGUE, "colleague.unauthenticated")
    if not (actor.sequence_ids or reached):
        return _keep(KeepReason.NOT_CONCERNED, "colleague.out_of_scope")
    if enrollment.same_company:
        return _end("colleague.checkbox")
    if actor.sequence_ids and enrollment.sequence_id not in actor.sequence_ids:
        return _keep(KeepReason.OTHER_SEQUENCE, "colleague.other_sequence")
    return _end("colleague.company_trigger")


def is_answer(event: PersonWrote, actor: ActorFacts) -> bool:
    """Whether a mail answers another: it names one, or lies in the provider's conversation of a mail of ours."""
    return bool(event.refers_to or actor.sequence_ids)


def _keep(reason: KeepReason, rule: str) -> Verdict:
    return Verdict(action=Action.KEEP, reason=reason, rule=rule)


def _end(rule: str) -> Verdict:
    return Verdict(action=Action.UNENROLL, reason=EndReason.ACCOUNT_REPLY, rule=rule)
