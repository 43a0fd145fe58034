"""Every address of the install."""

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

urlpatterns: list[URLPattern | URLResolver] = [path("", include("relent.web.urls"))]
if settings.PLAYGROUND_DIR:
    urlpatterns += [path("playground/", include("relent.playground.urls"))]

handler400 = "relent.web.pages.errors.bad_request"
handler403 = "relent.web.pages.errors.forbidden"
handler404 = "relent.web.pages.errors.not_found"
handler500 = "relent.web.pages.errors.failed"
