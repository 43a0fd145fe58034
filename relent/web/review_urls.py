"""The addresses of the review queue, and of who may not be mailed."""

from django.urls import path

from relent.web.pages import attention, overrules, suppressions, unsubscribe

patterns = [
    path("u/<str:token>", unsubscribe.unsubscribe, name="unsubscribe"),
    path("attention/", attention.index, name="attention"),
    path("attention/questions/<int:pk>/", attention.answer, name="review-answer"),
    path("attention/overruled/", overrules.index, name="overruled"),
    path("attention/overruled/export/", overrules.export, name="overruled-export"),
    path("inbox/<int:pk>/overrule/", overrules.overrule, name="overrule"),
    path("attention/enrollments/<int:pk>/", attention.release, name="enrollment-release"),
    path("contacts/<int:pk>/opt-out/", suppressions.of_contact, name="contact-opt-out"),
    path("suppressions/", suppressions.index, name="suppressions"),
    path("suppressions/add/", suppressions.add, name="suppression-add"),
    path("suppressions/export/", suppressions.export, name="suppressions-export"),
    path("suppressions/import/", suppressions.begin, name="opt-outs-import"),
    path("suppressions/imports/<int:pk>/", suppressions.progress, name="opt-outs-progress"),
    path("suppressions/<int:pk>/lift/", suppressions.lift, name="suppression-lift"),
]
