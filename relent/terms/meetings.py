"""Where a meeting became known."""

from relent.terms.sentences import Said


class MeetingSource(Said):
    """Where a meeting became known. Which of them count, and with whom, the policy says."""

    LINK = "link", "Booked through a meeting link", "ミーティングリンクからの予約"
    RECORD = "record", "Logged or scheduled on the record", "レコードでの記録または予定"
    GOOGLE = "google", "Google Calendar", "Googleカレンダー"
    MICROSOFT = "microsoft", "Microsoft calendar", "Microsoftカレンダー"
    CALDAV = "caldav", "CalDAV calendar", "CalDAVカレンダー"
    IMIP = "imip", "Invitation by mail", "メールでの招待"
    IMPORT = "import", "Imported", "インポート"


class SchedulerKind(Said):
    """A scheduler of somebody else's that tells us of bookings."""

    CALCOM = "calcom", "Cal.com", "Cal.com"
    CALENDLY = "calendly", "Calendly", "Calendly"


# The sources that are calendars of a user: ``calendars_that_count`` names those that count.
CALENDARS: frozenset[MeetingSource] = frozenset({MeetingSource.GOOGLE, MeetingSource.MICROSOFT, MeetingSource.CALDAV})
