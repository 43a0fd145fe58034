"""The playground's addresses; they exist only where a playground runs (RELENT_PLAYGROUND_DIR)."""

from django.urls import path

from relent.playground import pages

app_name = "playground"

urlpatterns = [
    path("", pages.show, name="show"),
    path("enter/<str:token>", pages.enter, name="enter"),
    path("live", pages.live, name="live"),
    path("clock", pages.show_clock, name="clock"),
    path("enroll", pages.enroll, name="enroll"),
    path("unenroll", pages.unenroll, name="unenroll"),
    path("act", pages.act, name="act"),
    path("ahead", pages.ahead, name="ahead"),
    path("put-back", pages.put_back, name="put-back"),
]
