"""The icons, drawn on a grid of 24 with strokes of the text's color."""

PATHS = {
    "home": '<path d="M4 11 12 4l8 7v8a1 1 0 0 1-1 1h-4v-6H9v6H5a1 1 0 0 1-1-1z"/>',
    "contacts": '<circle cx="9" cy="8" r="3.5"/><path d="M2.5 20c.6-4 3-6 6.5-6s5.9 2 6.5 6M16 5a3.5 3.5 0 0 1 0 6.5'
    'M18.5 14.5c1.8.9 2.7 2.7 3 5.5"/>',
    "sequences": '<circle cx="5" cy="6" r="2"/><circle cx="5" cy="18" r="2"/><path d="M5 8v8M10 6h10M10'
    ' 12h7M10 18h10"/>',
    "inbox": '<path d="M4 13 6 5h12l2 8v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1zM4 13h5l1 2h4l1-2h5"/>',
    "tasks": '<rect x="4" y="4" width="16" height="16" rx="2"/><path d="m8 12 3 3 5-6"/>',
    "attention": '<path d="M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.2"/>',
    "mailboxes": '<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m4 7 8 6 8-6"/>',
    "settings": '<path d="M4 7h9M17 7h3M4 17h3M11 17h9"/><circle cx="15" cy="7" r="2"/><circle cx="9" cy="17" r="2"/>',
    "more": '<circle cx="5" cy="12" r="1"/><circle cx="12" cy="12" r="1"/><circle cx="19" cy="12" r="1"/>',
    "search": '<circle cx="11" cy="11" r="6"/><path d="m20 20-4.5-4.5"/>',
    "plus": '<path d="M12 5v14M5 12h14"/>',
    "close": '<path d="m6 6 12 12M18 6 6 18"/>',
    "check": '<path d="m5 12.5 4.5 4.5L19 7.5"/>',
    "up": '<path d="m6 14 6-6 6 6"/>',
    "down": '<path d="m6 10 6 6 6-6"/>',
    "right": '<path d="m10 6 6 6-6 6"/>',
    "trash": '<path d="M5 7h14M10 7V4.5h4V7M7 7l1 13h8l1-13"/>',
    "mail": '<rect x="3" y="5" width="18" height="14" rx="2"/><path d="m4 7 8 6 8-6"/>',
    "task": '<rect x="4" y="4" width="16" height="16" rx="2"/><path d="m8 12 3 3 5-6"/>',
    "enrolled": '<path d="M5 4v16M5 5h12l-2.5 3.5L17 12H5"/>',
    "mail_sent": '<path d="M21 3 10 14M21 3l-7 18-4-7-7-4z"/>',
    "mail_cancelled": '<circle cx="12" cy="12" r="8"/><path d="m6.5 6.5 11 11"/>',
    "mail_refused": '<path d="M12 4 2.8 19.5h18.4zM12 10v4.5M12 17v.2"/>',
    "mail_unknown": '<circle cx="12" cy="12" r="8.5"/><path d="M9.5 9.5a2.5 2.5 0 1 1 3.5 2.3c-.8.4-1 .9-1'
    ' 1.7M12 16.5v.2"/>',
    "written_by_hand": '<path d="m4 20 1-4L16 5l3 3L8 19zM14 7l3 3"/>',
    "mail_received": '<path d="M4 13 6 5h12l2 8v5a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1zM4 13h5l1 2h4l1-2h5"/>',
    "task_created": '<rect x="4" y="4" width="16" height="16" rx="2"/><path d="M12 8v8M8 12h8"/>',
    "task_done": '<rect x="4" y="4" width="16" height="16" rx="2"/><path d="m8 12 3 3 5-6"/>',
    "paused": '<path d="M9 6v12M15 6v12"/>',
    "resumed": '<path d="M8 5.5v13l10-6.5z"/>',
    "held": '<path d="M8 12V6a1.5 1.5 0 0 1 3 0v5M11 11V4.5a1.5 1.5 0 0 1 3 0V11M14 11V6.5a1.5 1.5 0 0 1 3'
    " 0V15a6 6 0 0 1-11 3l-2.5-4"
    'c1.5-1.5 3-1 4.5 1z"/>',
    "unenrolled": '<path d="M10 4H6a1 1 0 0 0-1 1v14a1 1 0 0 0 1 1h4M14 8l4 4-4 4M18 12H9"/>',
    "finished": '<path d="M5 20V4M5 5h14l-3 4 3 4H5M9 5v8M13 5v8"/>',
    "suppressed": '<circle cx="12" cy="12" r="8"/><path d="m6.5 6.5 11 11"/>',
    "clock": '<circle cx="12" cy="12" r="8.5"/><path d="M12 7v5l3.5 2"/>',
    "building": '<path d="M5 20V5h9v15M14 10h5v10M3 20h18M8 9h3M8 13h3M8 17h3"/>',
    "user": '<circle cx="12" cy="8" r="4"/><path d="M4.5 20c.8-4 3.5-6 7.5-6s6.7 2 7.5 6"/>',
    "workflows": '<circle cx="6" cy="6" r="2.5"/><circle cx="18" cy="12" r="2.5"/><circle cx="6" cy="18" r="2.5"/>'
    '<path d="M8.5 6H12a3 3 0 0 1 3 3v0.5M8.5 18H12a3 3 0 0 0 3-3v-0.5"/>',
    "workflow_ran": '<path d="M13 3 5 13.5h6L10 21l8-10.5h-6z"/>',
    "deals": '<path d="M4 9h16v10a1 1 0 0 1-1 1H5a1 1 0 0 1-1-1zM9 9V6a1 1 0 0 1 1-1h4a1 1 0 0 1 1 1v3M4 14h16"/>',
    "bell": '<path d="M6 16V11a6 6 0 0 1 12 0v5l1.5 2h-15zM10 20.5h4"/>',
    "calendar": '<rect x="4" y="5" width="16" height="15" rx="2"/><path d="M4 10h16M8 3v4M16 3v4"/>',
    "meeting_booked": '<rect x="4" y="5" width="16" height="15" rx="2"/><path d="M4 10h16M8 3v4M16 3v4m-7 8 2 2 4-4"/>',
    "meeting_cancelled": (
        '<rect x="4" y="5" width="16" height="15" rx="2"/><path d="M4 10h16M8 3v4M16 3v4m-6 6 4 4m0-4-4 4"/>'
    ),
    "play": '<path d="M8 5.5v13l10-6.5z"/>',
}

# What happens on the timeline and looks like something else that is drawn above.
PATHS |= {
    "resubscribed": PATHS["mail"],
    "address_added": PATHS["plus"],
    "review_opened": PATHS["attention"],
    "review_answered": PATHS["check"],
    "merged": PATHS["contacts"],
    "deleted": PATHS["trash"],
    "restored": PATHS["resumed"],
    "undone": PATHS["resumed"],
    "transferred": PATHS["user"],
    "overruled": PATHS["written_by_hand"],
    "workflow_let_go": PATHS["mail_cancelled"],
    "workflow_stands": PATHS["workflow_ran"],
    "workflow_taken_up": PATHS["resumed"],
}
