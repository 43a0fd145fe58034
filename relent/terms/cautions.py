"""What a sensible person would want to know before enrolling, though nothing forbids it."""

from relent.terms.sentences import Said


class Caution(Said):
    """What the enroll dialog warns of."""

    PRIOR_CONTACT = (
        "prior_contact",
        "The contact wrote to you lately; a mail from before the enrollment stops nothing.",
        "コンタクトから最近メールが届いています。登録前のメールではシーケンスは停止しません。",
    )
    PLANNED_MEETING = (
        "planned_meeting_known",
        "A meeting with the contact is planned already.",
        "コンタクトとのミーティングがすでに予定されています。",
    )
