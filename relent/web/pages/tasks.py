"""Tasks that sequences made for the user."""

from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_http_methods, require_POST

from relent import clock
from relent.flows import pending, tasks
from relent.flows.permissions import NotAllowed
from relent.records.models import Contact, Task, User
from relent.terms.states import TaskState
from relent.terms.steps import TaskKind
from relent.web import access, paging
from relent.web.forms.sequences import TaskMailForm


def index(request: access.Request) -> HttpResponse:
    """List the open tasks, oldest first, or those done."""
    done = request.GET.get("state") == "done"
    found = _tasks(request.user).filter(state=TaskState.DONE if done else TaskState.OPEN)
    order = ("-created_at", "-id") if done else ("created_at", "id")
    page = paging.cut(found.prefetch_related("contact__addresses"), order, request.GET.get("after", ""))
    under_way = set(tasks.under_way(page.rows))
    return render(request, "web/tasks.html", {"page": page, "done": done, "under_way": under_way})


@require_http_methods(["GET", "HEAD", "POST"])
def write(request: access.Request, pk: int) -> HttpResponse:
    """Write the mail that a task asks for; on POST, hand it to the turn, which does the task once it has left."""
    task = get_object_or_404(_tasks(request.user).filter(kind=TaskKind.EMAIL, state=TaskState.OPEN), pk=pk)
    may_answer = tasks.may_answer(task)
    form = TaskMailForm(request.POST or None, initial={"body": task.body}, may_answer=may_answer)
    if request.method == "POST" and form.is_valid():
        try:
            return _send(request, task, form)
        except pending.Unusable as unusable:
            form.add_error("body", gettext("It cannot be sent: %(why)s") % {"why": ", ".join(unusable.problems)})
        except NotAllowed as refusal:
            raise PermissionDenied from refusal
    return render(request, "web/task_mail.html", {"task": task, "form": form}, status=422 if form.errors else 200)


def _send(request: access.Request, task: Task, form: TaskMailForm) -> HttpResponse:
    body = form.cleaned_data["body"].replace("\r\n", "\n")
    subject = form.cleaned_data["subject"]
    if tasks.send_mail(task.pk, request.user, clock.now(), subject=subject, body=body):
        messages.success(request, gettext("The mail leaves as soon as the mailboxes were read. Then the task is done."))
    else:
        messages.warning(request, gettext("The task is done already, or its sequence has ended."))
    return redirect("tasks")


@require_POST
def complete(request: access.Request, pk: int) -> HttpResponse:
    """Note that a task is done; what waited for it goes on."""
    task = get_object_or_404(_tasks(request.user), pk=pk)
    if tasks.complete(task.pk, request.user, clock.now()):
        messages.success(request, gettext("Done: %(task)s") % {"task": task.subject})
    return redirect("tasks")


def _tasks(user: User) -> QuerySet[Task]:
    visible = Task.objects.filter(contact__in=Contact.objects.visible_to(user))
    mine = visible if access.sees_whole_team(user) else visible.filter(assignee=user)
    return mine.select_related("contact", "assignee", "delivery__enrollment__sequence")
