"""What automatic replies say: one list for one meaning, in the languages met."""

import re


class phrases:  # noqa: N801  # replaced by the phrase book
    @staticmethod
    def any_of(*some: str) -> re.Pattern[str]:
        return re.compile("|".join(some), re.IGNORECASE)


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
    r"\bje (?:suis|serai) (?:actuellement )?absente?\b",
    r"en congés?",
    r"en vacances",
    r"fuera de la oficina",
    r"de vacaciones",
    r"de férias",
    r"fora do escritório",
    r"fuori (?:ufficio|sede)",
    r"in ferie",
    r"\bafwezig",
    r"(?:niet|buiten) (?:op|het) kantoor",
    r"(?:met|op) vakantie",
    r"på semester",
    r"inte på kontoret",
    r"back (?:in the office|at work|at my desk)\b",
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
    r"휴가",
    r"休假",
    r"出差",
)

# Whoever had the address does not work there any more. "I have left for the day" and "I have left the office" say that
# somebody comes back.
_COMES_BACK = (
    r"(?:for|the office|the building|my desk|early|already|to|on|at|a|an|your|you|this|that|it|home|town|some|"
    r"voicemail|behind|us a|me a)\b"
)
LEFT = phrases.any_of(
    rf"\b(?:have|has|'ve|’ve) (?:now |recently |since )?left (?!{_COMES_BACK})\w",
    r"\bleft (?:the |our )?(?:company|organi[sz]ation|firm|business|employment)\b",
    r"\bno longer (?:work|working|works|employed|with|at|part of|associated|affiliated)\b(?! my (?:desk|computer))",
    r"\bno longer an? (?:employee|member of staff)",
    r"\b(?:have|has) (?:retired|resigned)\b",
    r"\bmy last (?:working )?day (?:at|with|in|was)\b",
    # German
    r"nicht mehr (?:für|bei|im unternehmen|in unserem (?:unternehmen|hause?)|in der firma|beschäftigt|tätig)",
    r"(?:habe|hat) (?:das unternehmen|die firma|unser (?:unternehmen|haus)) verlassen",
    r"aus (?:dem|unserem) unternehmen ausgeschieden",
    r"(?:im|in den) (?:wohlverdienten )?ruhestand",
    # French
    r"ne (?:travaille|fait|fais|suis|est) plus (?:partie|chez|pour|dans|au sein|employée?|en poste|salariée?)",
    r"(?:ai|a) (?:définitivement )?quitté (?:l[ae’']\s?(?:société|entreprise|groupe)|notre|(?:mes|ses) fonctions)",
    r"(?:parti|partie) (?:à|en) (?:la )?retraite",
    # Spanish
    r"ya no (?:trabaja|trabajo|forma parte|formo parte|pertenece|pertenezco|labora|laboro)",
    r"(?:ha|he) dejado (?:la empresa|la compañía|de trabajar)",
    # Japanese
    r"退職(?:いた|し|致|となり|されま|となりま|済)",
    r"退社(?:いた|し|致|されま|となりま)",
    r"(?:既に|すでに)在籍して(?:おりません|いません|ない)",
    r"在籍(?:しておりません|していません)",
)
# Who answers in place of somebody who has left stands after one of these, if anywhere.
INSTEAD = phrases.any_of(
    r"\b(?:contact|reach(?: out)?|write|e-?mail|get in touch|turn|send|forward|direct|successor|replace\w*|instead)\b",
    r"\b(?:wenden|kontaktieren|schreiben|ansprechpartner\w*|nachfolger\w*|erreichen)\b",
    r"\b(?:contacter|adresser|écrire|joindre|remplaçante?)\b",
    r"\b(?:contacte|contactar|escrib\w+|dirigirse|diríjase|comun\w+)\b",
    r"後任|担当|連絡|宛|お問い合わせ|ご連絡",
)

# A filter holds the mail back until its sender proves to be a person.
CHALLENGE = phrases.any_of(
    r"(?:prove|confirm|verify|show|make sure|ensure)\b[^.\n]{0,40}\b(?:you are|you're|you’re|are you|is|that you)\b"
    r"[^.\n]{0,30}\b(?:human|real (?:person|sender|human)|person and not|not an? (?:robot|bot|machine|spammer))",
    r"\b(?:not|no) an? (?:automated|robot|spam)[^.\n]{0,40}\b(?:click|reply|confirm|verify)",
    r"\b(?:click|follow|visit|press|reply)\b[^.\n]{0,80}\bto (?:release|deliver|verify|confirm|authenticate|approve) "
    r"[^.\n]{0,40}\b(?:message|mail|e-?mail|address|yourself|sender|identity|delivery)",
    r"\b(?:message|mail|e-?mail)\b[^.\n]{0,40}\b(?:is|was|has been|have been)\b[^.\n]{0,20}\b(?:held|quarantined|"
    r"on hold|placed in a (?:pending|queue))[^.\n]{0,120}\b(?:until|unless|confirm|verify|verif|approve|click)",
    r"\b(?:complete|solve|enter|fill (?:in|out))\b[^.\n]{0,40}\b(?:captcha|challenge|characters|verification form)",
    r"challenge[- /]response",
    r"\b(?:sender|one[- ]time|e-?mail) (?:verification|authentication|confirmation) (?:request|required|needed)",
    r"\badd(?:ed)? (?:you )?to (?:my|our|the|his|her|their) (?:approved|guest|white|allow|safe|trusted)[- ]?"
    r"(?:senders?)?[- ]?list",
    # German
    r"bestätigen sie[^.\n]{0,60}(?:ein mensch|kein (?:roboter|spammer|automat)|ihre (?:absender|e-?mail-?)?adresse)",
    r"(?:nachricht|mail|e-?mail)[^.\n]{0,60}(?:zurückgehalten|zurückgestellt|quarantäne)[^.\n]{0,120}bestätig",
    r"absender(?:bestätigung|verifizierung|überprüfung)",
    # French
    r"(?:confirme[rz]|prouve[rz]|vérifie[rz])[^.\n]{0,60}(?:êtes (?:bien )?(?:humain|une personne)|pas un robot|"
    r"votre adresse)",
    r"(?:message|mail|courriel)[^.\n]{0,60}(?:retenu|en attente|en quarantaine)[^.\n]{0,120}(?:confirm|authenti|cliqu)",
    r"demande d['’]authentification",
    # Spanish
    r"(?:confirm\w+|demuestr\w+|verifi\w+)[^.\n]{0,60}(?:es (?:usted )?(?:humano|una persona)|no es un robot|"
    r"su (?:dirección|identidad))",
    r"(?:mensaje|correo)[^.\n]{0,60}(?:retenido|en espera|en cuarentena)[^.\n]{0,120}(?:confirm|verifi|haga clic)",
    # Japanese
    r"(?:人間|ロボット|自動送信)で(?:は|も)?(?:ある|ない)こと[^。\n]{0,30}(?:確認|証明)",
    r"(?:送信者|差出人|送信元)(?:の)?(?:認証|確認)[^。\n]{0,40}(?:お願い|必要|してください|クリック|完了)",
    r"(?:メール|メッセージ)[^。\n]{0,40}(?:保留|隔離)[^。\n]{0,80}(?:認証|承認|クリック|返信)",
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

# Outlook's list of who reacted to which mail.
DIGEST = phrases.any_of(
    r"^\s*(?:e-?mail )?reactions? (?:daily )?(?:digest|summary)\b",
    r"^\s*(?:tägliche )?(?:zusammenfassung der |digest der )reaktionen\b",
    r"^\s*リアクションの?(?:毎日の?|日次)?(?:ダイジェスト|概要)",
)

# A subject that speaks of absence; a person may write such a one too.
SUBJECT_WORDS = phrases.any_of(
    r"^\s*out of (?:the )?office",
    r"^.{0,80}\bis out of the office\.(?: \(returning .{1,30}\))?$",
    r"^\s*(?:auto|abwesend|abwesenheit|away from (?:the |my )?(?:office|desk)|ooo|(?:on )?vacation|on leave)\s*[:：]",
    r"\((?:automatic|auto)[- ]?(?:response|reply)\)\s*$",
    r"^\s*不在",
)
