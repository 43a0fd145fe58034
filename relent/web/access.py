"""Who may see a page. Every page asks for a signed-in user unless it is marked public; the rest is said here."""

from collections.abc import Callable
from functools import wraps
from typing import Concatenate, ParamSpec, cast

from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django_htmx.middleware import HtmxDetails

from relent.records.models import User
from relent.terms.roles import Role

P = ParamSpec("P")

# A page without a login. PersonalMiddleware lets it through; everything else is closed by default.
public = login_not_required


class Request(HttpRequest):
    """A request of a signed-in user, as PersonalMiddleware hands it to every page that is not public."""

    user: User
    htmx: HtmxDetails


View = Callable[Concatenate[Request, P], HttpResponse]


def super_admin_only(view: View[P]) -> View[P]:
    """Refuse everybody but super admins (403)."""

    @wraps(view)
    def guarded(request: Request, *args: P.args, **kwargs: P.kwargs) -> HttpResponse:
        if not request.user.is_super_admin:
            raise PermissionDenied
        return view(request, *args, **kwargs)

    return cast(View[P], guarded)


def sees_whole_team(user: User) -> bool:
    """Whether ``user`` sees the work of others too."""
    return user.role != Role.REP


def require_team(user: User) -> None:
    """Refuse reps (403): what everybody shares is changed by managers and super admins."""
    if not sees_whole_team(user):
        raise PermissionDenied
