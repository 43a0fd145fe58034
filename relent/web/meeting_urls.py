"""The addresses of the pages about meetings."""

from django.urls import path

from relent.web.pages import hooks, meet, meetings, schedulers

patterns = [
    path("meet/<slug:slug>", meet.meet, name="meet"),
    path("booked/<str:token>", meet.booked, name="booked"),
    path("booked/<str:token>/meeting.ics", meet.calendar, name="booked-calendar"),
    path("booked/<str:token>/cancel", meet.cancel, name="booked-cancel"),
    path("booked/<str:token>/move", meet.move, name="booked-move"),
    path("hooks/<str:kind>/<str:token>", hooks.report, name="hook"),
    path("meetings/", meetings.index, name="meetings"),
    path("meetings/<int:pk>/cancel/", meetings.cancel, name="meeting-cancel"),
    path("meetings/pages/", meetings.pages, name="booking-pages"),
    path("meetings/pages/new/", meetings.new_page, name="booking-page-new"),
    path("meetings/pages/<int:pk>/", meetings.edit_page, name="booking-page"),
    path("contacts/<int:pk>/meetings/", meetings.of_contact, name="contact-meetings"),
    path("contacts/<int:pk>/meetings/new/", meetings.new, name="meeting-new"),
    path("account/schedulers/", schedulers.show, name="schedulers"),
]
