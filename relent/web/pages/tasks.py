"""Tasks that sequences made for the user."""

from django.contrib import messages
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.translation import gettext
from django.views.decorators.http import require_POST

from relent import clock
from relent.flows import tasks
from relent.records.models import Contact, Task, User
from relent.terms.states import TaskState
from relent.web import access, paging


def index(request: access.Request) -> HttpResponse:
    """List the open tasks, oldest first, or those done."""
    done = request.GET.get("state") == "done"
    found = _tasks(request.user).filter(state=TaskState.DONE if done else TaskState.OPEN)
    order = ("-created_at", "-id") if done else ("created_at", "id")
    page = paging.cut(found.prefetch_related("contact__addresses"), order, request.GET.get("after", ""))
    return render(request, "web/tasks.html", {"page": page, "done": done})


@require_POST
def complete(request: access.Request, pk: int) -> HttpResponse:
    """Note that a task is done; what waited for it goes on."""
    task = get_object_or_404(_tasks(request.user), pk=pk)
    tasks.complete(task.pk, request.user, clock.now())
    messages.success(request, gettext("Done: %(task)s") % {"task": task.subject})
    return redirect("tasks")


def _tasks(user: User) -> QuerySet[Task]:
    visible = Task.objects.filter(contact__in=Contact.objects.visible_to(user))
    mine = visible if access.sees_whole_team(user) else visible.filter(assignee=user)
    return mine.select_related("contact", "assignee", "delivery__enrollment__sequence")
