"""One file per noun. Import models from here: ``from relent.records import models``."""

from relent.records.models.account import AccountSettings
from relent.records.models.audit import AuditEntry
from relent.records.models.company import Company
from relent.records.models.contact import Contact, ContactAddress
from relent.records.models.decision import Decision
from relent.records.models.delivery import Delivery
from relent.records.models.enrollment import Enrollment
from relent.records.models.inbound import InboundItem
from relent.records.models.mailbox import Mailbox, MailboxFolder
from relent.records.models.sequence import Sequence, SequenceVersion, Step, Template
from relent.records.models.suppression import Suppression
from relent.records.models.task import Task
from relent.records.models.timeline import TimelineEntry
from relent.records.models.user import User, UserAddress

__all__ = [
    "AccountSettings",
    "AuditEntry",
    "Company",
    "Contact",
    "ContactAddress",
    "Decision",
    "Delivery",
    "Enrollment",
    "InboundItem",
    "Mailbox",
    "MailboxFolder",
    "Sequence",
    "SequenceVersion",
    "Step",
    "Suppression",
    "Task",
    "Template",
    "TimelineEntry",
    "User",
    "UserAddress",
]
