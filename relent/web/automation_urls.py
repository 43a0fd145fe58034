"""The addresses of workflows and of what they wait for: lists, deals, events; and of notifications."""

from django.urls import path

from relent.web.pages import deals, event_hooks, lists, notifications, workflow_editor, workflows

urlpatterns = [
    path("hooks/events/<str:token>", event_hooks.receive, name="event-hook"),
    path("workflows/", workflows.index, name="workflows"),
    path("workflows/new/", workflow_editor.new, name="workflow-new"),
    path("workflows/<int:pk>/", workflows.show, name="workflow"),
    path("workflows/<int:pk>/edit/", workflow_editor.edit, name="workflow-edit"),
    path("workflows/<int:pk>/switch/", workflows.switch, name="workflow-switch"),
    path("workflows/<int:pk>/delete/", workflows.delete, name="workflow-delete"),
    path("workflows/<int:pk>/dry-run/", workflows.dry_run, name="workflow-dry-run"),
    path("workflows/<int:pk>/address/", workflow_editor.address, name="workflow-address"),
    path("lists/", lists.index, name="lists"),
    path("lists/<int:pk>/", lists.show, name="list"),
    path("lists/<int:pk>/remove/", lists.remove, name="list-remove"),
    path("lists/<int:pk>/delete/", lists.delete, name="list-delete"),
    path("contacts/<int:pk>/lists/", lists.put_on, name="contact-list"),
    path("deals/", deals.index, name="deals"),
    path("deals/new/", deals.new, name="deal-new"),
    path("deals/<int:pk>/", deals.edit, name="deal"),
    path("deals/<int:pk>/delete/", deals.delete, name="deal-delete"),
    path("notifications/", notifications.index, name="notifications"),
    path("notifications/read/", notifications.read, name="notifications-read"),
]
