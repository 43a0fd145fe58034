"""Why? – one line of the decision ledger, told to a person."""

from django.http import HttpResponse
from django.shortcuts import get_object_or_404, render

from relent.records.models import Contact, Decision
from relent.terms.history import Action
from relent.terms.states import EnrollmentState
from relent.web import access
from relent.web.pages import workflows


def show(request: access.Request, pk: int) -> HttpResponse:
    """Show the verdict, its reason, the rule, what was seen, and what the other profile would have done."""
    decisions = Decision.objects.filter(enrollment__contact__in=Contact.objects.visible_to(request.user))
    decision = get_object_or_404(
        decisions.select_related("enrollment__contact", "enrollment__sequence", "item", "actor", "meeting").defer(
            "item__raw", "item__headers"
        ),
        pk=pk,
    )
    others = [
        {"profile": profile, "verdict": said[0], "reason": said[1] if len(said) > 1 else ""}
        for profile, said in decision.other_profile.items()
    ]
    ended = decision.enrollment.state == EnrollmentState.UNENROLLED and decision.applied
    may_undo = ended and decision.verdict == Action.UNENROLL and not hasattr(decision.enrollment, "successor")
    context = {
        "decision": decision,
        "others": others,
        "may_undo": may_undo,
        "started": workflows.started_by(request.user, decision.item, decision.enrollment.contact),
    }
    return render(request, "web/decision.html", context)
