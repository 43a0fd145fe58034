"""One file per noun. Import models from here: ``from relent.records import models``."""

from relent.records.models.account import AccountSettings
from relent.records.models.account_key import ERASED, AccountKey
from relent.records.models.audit import AuditEntry
from relent.records.models.company import Company
from relent.records.models.company_stop import CompanyStop
from relent.records.models.contact import Contact, ContactAddress, ContactCompany
from relent.records.models.deal import Deal
from relent.records.models.decision import Decision
from relent.records.models.delivery import Delivery, DeliveryLink
from relent.records.models.enroll_batch import EnrollBatch, EnrollRow
from relent.records.models.enrollment import Enrollment
from relent.records.models.inbound import JUDGED, InboundItem
from relent.records.models.mailbox import Mailbox, MailboxFolder
from relent.records.models.meeting import (
    BookingPage,
    Meeting,
    MeetingAssociation,
    MeetingAttendee,
    MeetingHost,
    MeetingMail,
    Scheduler,
)
from relent.records.models.overrule import Overrule
from relent.records.models.review import ReviewItem
from relent.records.models.sequence import Sequence, SequenceVersion, Step, Template
from relent.records.models.suppression import OptOutImport, Suppression
from relent.records.models.task import Task
from relent.records.models.timeline import TimelineEntry
from relent.records.models.user import User, UserAddress
from relent.records.models.workflow import ContactList, ListMember, Notification, Workflow, WorkflowRun

__all__ = [
    "ERASED",
    "JUDGED",
    "AccountKey",
    "AccountSettings",
    "AuditEntry",
    "BookingPage",
    "Company",
    "CompanyStop",
    "Contact",
    "ContactAddress",
    "ContactCompany",
    "ContactList",
    "Deal",
    "Decision",
    "Delivery",
    "DeliveryLink",
    "EnrollBatch",
    "EnrollRow",
    "Enrollment",
    "InboundItem",
    "ListMember",
    "Mailbox",
    "MailboxFolder",
    "Meeting",
    "MeetingAssociation",
    "MeetingAttendee",
    "MeetingHost",
    "MeetingMail",
    "Notification",
    "OptOutImport",
    "Overrule",
    "ReviewItem",
    "Scheduler",
    "Sequence",
    "SequenceVersion",
    "Step",
    "Suppression",
    "Task",
    "Template",
    "TimelineEntry",
    "User",
    "UserAddress",
    "Workflow",
    "WorkflowRun",
]
