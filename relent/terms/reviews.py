"""What the review queue asks, and the answers that a person may give."""

from relent.terms.sentences import Said


class ReviewKind(Said):
    """Why something stands in the review queue: one question each."""

    SENT_UNKNOWN = "sent_unknown", "Did the last mail leave?", "最後のメールは送信されましたか。"
    SOFT_BOUNCES = "soft_bounces", "Is the address still right?", "このアドレスは有効ですか。"
    UNSURE_SENDER = "unsure_sender", "Did the contact write this?", "コンタクト本人が書いたメールですか。"
    SAME_DOMAIN = (
        "same_domain",
        "Does this mail from the contact's domain answer the sequence?",
        "同じドメインからのこのメールは、シーケンスへの返答ですか。",
    )
    SHARED_MAILBOX = (
        "shared_mailbox",
        "Does this mail to a shared mailbox answer the sequence?",
        "共有メールボックスへのこのメールは、シーケンスへの返答ですか。",
    )
    FORWARDED = (
        "forwarded",
        "A colleague passed this mail on. Does it answer the sequence?",
        "同僚が転送したこのメールは、シーケンスへの返答ですか。",
    )
    SENDER_FOLLOW_UP = (
        "sender_follow_up",
        "You wrote in the thread by hand. Shall the sequence go on?",
        "スレッドに手動で返信しました。シーケンスを続けますか。",
    )
    RETURN_DATE = "return_date", "When does the contact come back?", "コンタクトはいつ復帰しますか。"
    REPLACEMENT = (
        "replacement",
        "The contact has left. Will you write to the person named instead?",
        "コンタクトは退職しました。後任の方に連絡しますか。",
    )
    NEW_ADDRESS = (
        "new_address",
        "Somebody answered from an unknown address. Is it the contact's?",
        "未登録のアドレスから返信がありました。コンタクトのアドレスですか。",
    )
    ADDRESS_CHANGED = (
        "address_changed",
        "An automatic reply names a new address. Is it the contact's?",
        "自動返信に新しいアドレスが書かれています。コンタクトのアドレスですか。",
    )
    ASKED_TO_STOP = (
        "asked_to_stop",
        "The contact asks in words for no more mail. Shall no more be sent, ever?",
        "コンタクトが配信停止を希望しています。今後一切の送信を止めますか。",
    )
    BOUNCE_DOUBTED = (
        "bounce_doubted",
        "The contact wrote, yet the address bounced. Does the address work?",
        "コンタクトから連絡がありましたが、アドレスは不達でした。有効なアドレスですか。",
    )
    PLANNED_MEETING = (
        "planned_meeting",
        "A meeting with the contact is planned already. Shall the sequence start?",
        "コンタクトとのミーティングが予定されています。シーケンスを開始しますか。",
    )
    DECLINED_HOST = (
        "declined_host",
        "The contact has a meeting that its host declined. Shall the sequence go on?",
        "主催者が辞退したミーティングがあります。シーケンスを続けますか。",
    )
    BOOKED_BY_ANOTHER = (
        "booked_by_another",
        "Somebody else booked through the contact's link. Shall the sequence go on?",
        "別の人がコンタクトのリンクから予約しました。シーケンスを続けますか。",
    )
    MERGED = (
        "merged",
        "Two enrollments of one person met in a merge. Was the right one ended?",
        "統合により同一人物の登録が重なりました。終了した登録は正しいですか。",
    )
    OWNER_GONE = (
        "owner_gone",
        "The sequence has no owner. Who takes it over?",
        "シーケンスの所有者がいません。誰が引き継ぎますか。",
    )
    SENDER_GONE = (
        "sender_gone",
        "The user who enrolled the contact is gone. Who goes on?",
        "登録したユーザーがいません。誰が引き継ぎますか。",
    )
    SENDER_REFUSED = (
        "sender_refused",
        "Mails of this mailbox are refused for reasons of ours. Shall it send again?",
        "こちら側の理由でこのメールボックスのメールが拒否されました。送信を再開しますか。",
    )
    LOOP = (
        "loop",
        "A workflow enrolled the contact again and again. Is that meant?",
        "ワークフローがコンタクトを繰り返し登録しています。意図した動作ですか。",
    )
    SAME_ADDRESS = (
        "same_address",
        "Two contacts share this address. Are they one person?",
        "2件のコンタクトが同じアドレスを使っています。同一人物ですか。",
    )
    LOOKS_AUTOMATIC = (
        "looks_automatic",
        "Was this an automatic reply?",
        "これは自動返信ですか。",
    )
    LOOKS_HUMAN = (
        "looks_human",
        "Was this written by a person?",
        "これは人が書いたメールですか。",
    )
    COMPLAINT = (
        "complaint",
        "A complaint names nobody. Whom is it about?",
        "対象を特定できない苦情です。誰に関するものですか。",
    )


class ReviewAnswer(Said):
    """What a person may answer with one click. Which answers a question allows stands in ``decide/reviews.py``."""

    GO_ON = "go_on", "Go on", "続ける"
    UNENROLL = "unenroll", "Unenroll", "登録解除"
    LEFT = "left", "It left", "送信された"
    NOT_LEFT = "not_left", "It did not leave", "送信されていない"
    ATTACH = "attach", "Add the address", "アドレスを追加"
    BACK_ON = "back_on", "Back on another day", "別の日に復帰"
    OPT_OUT = "opt_out", "Never mail again", "今後送信しない"
    LIFT = "lift", "The address works", "有効なアドレス"
    CREATE_CONTACT = "create_contact", "Add as a contact", "コンタクトに追加"
    IT_WAS_A_PERSON = "it_was_a_person", "This was a person", "人が書いたメールだった"
    IT_WAS_AUTOMATIC = "it_was_automatic", "This was automatic", "自動返信だった"
    DISMISS = "dismiss", "Nothing to do", "対応不要"


class Wrote(Said):
    """Who wrote a mail, as a person says who overrules the rules."""

    PERSON = "person", "A person wrote this.", "人が書いたメールです。"
    AUTOMATIC = "automatic", "A machine sent this.", "自動送信のメールです。"


class Followed(Said):
    """What followed for one enrollment when a judgement was overruled. Where its end could not be undone, the code of
    the refusal (``Refusal``) stands instead."""

    STOPPED = "stopped", "The sequence was stopped.", "シーケンスを停止しました。"
    HELD = "held", "The sequence is held until a person decides.", "シーケンスは担当者の判断待ちです。"
    GOES_ON = "goes_on", "The sequence goes on where it stopped.", "シーケンスは停止した箇所から再開します。"
    PAUSED = (
        "paused",
        "The sequence goes on once the contact is back.",
        "シーケンスはコンタクトの復帰後に再開します。",
    )
    STAYS_ENDED = (
        "stays_ended",
        "The sequence stays stopped: something else stopped it too.",
        "ほかにも停止の理由があるため、シーケンスは停止したままです。",
    )
    UNCHANGED = "unchanged", "Nothing changed.", "変更はありません。"
