"""What automatic replies say: one list for one meaning, in the languages met."""

from relent.mail import phrases

# What mail programs put before the subject of an automatic reply; a colon of either width follows, or brackets are
# around it.
_PREFIXES = (
    r"automatic reply",
    r"auto(?:matic)?[- ]?(?:reply|response|respon(?:d|se)er)",
    r"out of office (?:auto[- ]?reply|reply)",
    r"automatische antwort",
    r"abwesenheitsnotiz",
    r"abwesenheitsmeldung",
    r"réponse automatique",
    r"respuesta automática",
    r"risposta automatica",
    r"resposta automática",
    r"automatisch antwoord",
    r"automatiskt svar",
    r"automatisk svar",
    r"autosvar",
    r"automaattinen vastaus",
    r"automatická odpověď",
    r"odpowiedź automatyczna",
    r"automatikus válasz",
    r"otomatik yanıt",
    r"автоматический ответ",
    r"αυτόματη απάντηση",
    r"自動応答",
    r"自動返信",
    r"自動回答",
    r"自动回复",
    r"自动答复",
    r"自動回覆",
    r"자동 회신",
    r"자동 응답",
)
PREFIX = phrases.any_of(
    r"^AUTO: .{1,100} is out of the office",  # Lotus Notes
    rf"^\s*(?:{'|'.join(_PREFIXES)})\s*[:：]",
    rf"^\s*[\[【<(](?:{'|'.join(_PREFIXES)}|自動送信)(?:メール)?[\]】>)]",
)

# The sender is away.
ABSENT = phrases.any_of(
    r"out of (?:the )?office",
    r"\booo\b",
    r"(?:i am|i'm|i’m|i will be|i'll be|we are|is|currently) (?:currently |now )?(?:away|travell?ing|absent|"
    r"on (?:\w+ ){0,2}(?:leave|vacation|holidays?)|not in the office|unavailable)",
    r"away from (?:my (?:desk|e?mail|office)|the office|work)",
    r"(?:on|annual|parental|maternity|paternity|sick) (?:leave|vacation|holiday)",
    r"(?:limited|no) access to (?:my )?e-?mail",
    r"will be back (?:on|in|at)\b",
    r"(?:when|until|upon|after) (?:i|my) return",
    r"nicht im büro",
    r"\babwesend",
    r"abwesenheit",
    r"im urlaub",
    r"wieder (?:im büro|erreichbar|für sie da)",
    r"absent[e]? d[eu]",
    r"en congés?",
    r"fuera de la oficina",
    r"de vacaciones",
    r"不在",
    r"休暇",
    r"お休み",
    r"休業",
    r"出張",
    r"外出して",
    r"休職",
    r"席を外",
    r"不在通知",
    r"外出中",
    r"부재",
    r"休假",
    r"出差",
)

# The sender does not work there any more.
LEFT = phrases.any_of(
    r"(?:have|has) left\b",
    r"no longer (?:work|employed|with|at)\b",
    r"nicht mehr (?:für|bei|im unternehmen)",
    r"退職",
    r"退社いたし",
)

# A machine acknowledges what arrived.
RECEIVED = phrases.any_of(
    r"(?:have|has been|was|been) (?:successfully )?received",
    r"thank(?:s| you) for (?:contacting|your (?:inquiry|enquiry|request))",
    r"ticket|case (?:number|id)|support request|request (?:number|id)",
    r"(?:this|that) (?:is an )?(?:automat\w+|auto[- ]?(?:generated|reply|response))",
    r"(?:do|please) not (?:reply|respond) to this",
    r"automatically generated",
    r"eingegangen",
    r"automatisch (?:erzeugt|generiert|erstellt)",
    r"受け付け",
    r"受付",
    r"受領",
    r"受信いたし",
    r"自動(?:応答|返信|配信|送信)",
)

# A subject that speaks of absence; a person may write such a one too.
SUBJECT_WORDS = phrases.any_of(
    r"^\s*out of (?:the )?office",
    r"^.{0,80}\bis out of the office\.(?: \(returning .{1,30}\))?$",
    r"\((?:automatic|auto)[- ]?(?:response|reply)\)\s*$",
    r"^\s*不在",
)
