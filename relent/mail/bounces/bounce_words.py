"""By which words a mail says that another mail did not arrive: its subject, its text, and what they say of its end.

Wording of the programs themselves; of the localized ones, Exchange's and Outlook's reports in their languages, those of
the Japanese carriers, and what web mail providers write at home.
"""

from relent.mail import phrases

# What the subject of a bounce says.
SUBJECT = phrases.Listed(
    r"undeliver|non[- ]?deliver|not (?:been )?deliver|undelivrable|mail not sent|nondelivery",
    r"deliver(?:y|ed|ing)?\b[^\n]*(?:fail|problem|error|notification|status|unsuccessful|delay|report|"
    r"incomplete|attempt)",
    r"return(?:ed|ing)?[^\n]* (?:mail|to sender|e-?mail|message)|(?:mail|message|e-?mail) return",
    r"(?:mail|message|e-?mail) (?:\w+ ){0,2}(?:failed|failure|error|warning|returned|rejected|refused|blocked|"
    r"could not|cannot|delayed)",
    r"\bndn?r?:|failure (?:notice|delivering)|fail(?:ed|ure)[^\n]*(?:deliver|mail|send|message)|processing error|"
    r"(?:send|sending) (?:failed|failure|error)",
    r"(?:could|can) ?not (?:be )?(?:send|sent|deliver)|unable to (?:deliver|send)|unknown (?:user|recipient|"
    r"address)|user unknown|recipient unknown",
    r"warning[^\n]*(?:mail|message|sen[dt]|deliver)|mail system error|bounced? (?:mail|message)|"
    r"message status|nameserver error",
    r"(?:rejected|refused) (?:posting|message|mail|e-?mail)",
    r"no such (?:user|address)|invalid (?:recipient|address|e-?mail)|mailbox (?:is )?(?:full|unavailable|"
    r"not found)|rejected mail|banned attachment|blocked by",
    r"n['’]a (?:pas |pu |[eê]tre |[eé]t[eé] )+(?:remis|d[eé]livr|distribu|envoy|achemin)|non (?:[eè] stat[oa] |[eè] |"
    r"pu[oò] essere |ha potuto )(?:recapit|consegn|inviat|inoltrat)|kon(?:den)? niet (?:worden )?(?:bezorg|afgelever|"
    r"verzond|besteld)|nie (?:\S+ )?dostarcz|ne\S+ (?:b[yý]t )?doru[cč]|не (?:была? |было |может быть |мог\S+ быть )"
    r"доставл|не (?:було |може бути )доставл|não p[oô]de ser|inte (?:levereras|skickas)|ikke (?:leveres|sendes)",
    r"(?:message|courriel|mensaje|mensagem|messaggio|nachricht|e-?mail|bericht|meddelande\w*|meddelelse\w*|wiadomo\S+|"
    r"zpr[aá]va|сообщени\S+|письмо)[^\n]*(?:bloqu|rejet|refus|rechaz|rejeit|recus|rifiut|respint|blocca|abgelehn|"
    r"abgewies|blockiert|geblokk|geweiger|avvisa|afvis|odrzuc|zablok|odm[ií]tn|отклон|заблок|отверг)",
    r"retard[eé]|en attente|retrasad|demorad|atrasad|ritardat|vertraagd|verz[oö]gert|f[oö]rsena|forsink|"
    r"in ritardo|viiv[aä]st|gecik|op[oó][zź]nion|zpo[zž]d|задерж|отлож|затрим|配[信送][^\n]{0,3}遅|遅延|延迟|延遲|지연",
    r"unzustellbar|nicht (?:zu(?:ge)?stell|[uü]bermittelt)|unzustellbarkeit|zustell(?:ung|fehler|bericht|"
    r"status)[^\n]*|r[uü]ckl[aä]ufer|fehler bei der [uü]bermittlung",
    r"non[ -](?:remis|d[eé]livr|distribu)|(?:[eé]chec|erreur|notification|rapport|avis) (?:de|"
    r"d['’])\s?(?:la )?(?:remise|livraison|distribution|non-|envoi|acheminement)|retour [aà] l['’]exp[eé]diteur|"
    r"courrier non",
    r"no se (?:ha |pud\w* |puede )*(?:entreg|envi)|no entregad|error (?:de|en la|al) (?:entrega|env)|devuelt|"
    r"notificaci[oó]n (?:de|sobre el) (?:estado|error)|imposible entregar|fall[oa] en la entrega",
    r"n[aã]o (?:foi |p[oô]de ser )?(?:poss[ií]vel )?entreg|falha (?:na|de|ao) (?:entrega|envi)|devolvid|"
    r"n[aã]o entregue|notifica[cç][aã]o (?:de|sobre) (?:status|estado|falha)|mensagem retornada",
    r"mancat[oa] (?:recapito|consegna)|non (?:recapitat|consegnat|recapitabil)|errore (?:di|nella) (?:consegna|"
    r"recapito|invio)|messaggio (?:non|respinto)|avviso di mancata|stato (?:della )?consegna",
    r"onbestelbaar|niet (?:bezorgd|afgeleverd|verzonden|besteld)|bezorg\w*(?:fout|status|mislukt)|"
    r"aflever\w*(?:fout|status|mislukt)",
    r"(?:gick|kunde|kan) inte (?:att )?(?:lev|skick)|olevererbar|ej leverera|leveransstatus|leverings?(?:status|"
    r"fejl|feil)|ikke (?:leveret|levert|afleveret)|kan ikke lever|uleverbar|ulevert|ei (?:voitu|voida|toimitettu)|"
    r"toimitus\w*|perille toimittama",
    r"niedor[eę]cz|nie dostarczon|niezrealizowan|zwrot|nie mo[zż]na dostarczy|nedoru[cč]|nelze doru[cč]|"
    r"vr[aá]cen[aá] zpr[aá]va|teslim edileme|iletilemedi|iletileme|g[oö]nderilemedi|teslimat",
    r"не ?доставл|недоставл|не удалось доставить|невозможно доставить|ошибка доставки|возврат|статус доставки|"
    r"неможливо доставити|не вдалося доставити|помилка доставки",
    r"配[信送](?:が?遅延|不能|不可|できま|エラー|に失敗|失敗)|送信(?:でき|エラー|失敗|不能)|配達(?:不能|でき|エラー|状況)|不達|"
    r"届(?:きません|けられ|かない)|未配信|返送|リターンメール|エラー(?:メール|通知)|宛先不明",
    r"退信|退回|无法(?:投递|送达|发送)|未送达|投递失败|发送失败|無法(?:傳遞|傳送|投遞|送達)|未傳遞|傳送失敗|"
    r"未送達|郵件退回|배달(?: |되지|할|실패|불가)|전달되지|반송|전송\s?실패|발송\s?실패|보내지 못",
)

# What the text of a bounce says, in words that say nothing else.
BODY = phrases.Listed(
    r"(?:could|can|was|were|has|have|is|will|did|does|do)(?: ?not|n.t)(?: yet| all)?(?: been|"
    r" be)? (?:successfully )?(?:deliver|sent|send|process|accept|complete|relay|reach|forward|transmit|receiv|"
    r"transfer)",
    r"undeliver|non-?deliver|not delivered|un(?:able|successful)[^.\n]* (?:to |in )?(?:deliver|send|relay|"
    r"dispatch)|can't deliver|wasn.t able to deliver",
    r"deliver(?:y|ed|ing)?\b[^.\n]*(?:fail|error|unsuccessful|problem|delay|abort|impossible|cancel)",
    r"fail(?:ed|ure|ing)?\b[^.\n]*(?:deliver|address|recipient|attempt)|following (?:address|"
    r"recipient)[^.\n]*(?:fail|had|reject)",
    r"(?:returned|bounced|being returned|sent back) (?:to|by|mail|as|because|message|undeliver|for)|"
    r"returning (?:this|your|the) m|(?:has|have) been returned|is returned",
    r"permanent(?:ly)? (?:fatal )?(?:error|fail|delivery)|did(?: not|n.t) (?:get|reach|arrive)|was(?: not|"
    r"n.t) (?:found|delivered)",
    r"user (?:is )?unknown|unknown (?:user|recipient|local part|address)|no such (?:user|person|mailbox|account|"
    r"recipient|address)",
    r"(?:not|n.t) (?:a )?(?:known|listed|valid)(?: in| user| address| recipient| mailbox| account)|(?:does|"
    r"did)(?: not|n.t) exist|not exist|recipient (?:rejected|refused)",
    r"(?:mailbox|account|inbox|quota)[^.\n]*(?:full|exceed|quota|unavailable)|over quota|"
    r"problem(?:s)? (?:delivering|sending|with)",
    r"(?:message|mail|email)[^.\n]*(?:rejected|refused|blocked|been denied|stopped)|(?:rejected|"
    r"refused) (?:by|your)|host said:|remote (?:host|server|system) (?:said|returned|replied|answer)",
    r"(?m:^[^\n]*(?:^|[^\d.])(?:4[25]\d|5[0257]\d)[ -]#?[45]\.\d{1,2}\.\d)|(?m:^[\s<>]*55[0-4][ -])|"
    r"\(#[45]\.\d\.\d\)|(?:smtp|error|code|status)[ :=#]{1,3}55\d",
    r"(?:a|ont) [eé]t[eé] (?:rejet|refus|bloqu)|(?:ha sido|fue|han sido) (?:rechaz|bloque|devuel)|(?:foi|foram) "
    r"(?:rejeit|recus|bloque|devolv)|(?:[eè]|sono) stat[oaie] (?:rifiut|respint|blocca)|wurden? [^.\n]*(?:abgelehnt|"
    r"abgewiesen|blockiert|zur[uü]ckgewiesen)|(?:is|werd) (?:geweiger|geblokk)|zosta[lł]\S* (?:odrzuc|zablok)|"
    r"отклонен|отвергнут|заблокирован|受信を?拒否",
    r"fehler bei der (?:nachrichten)?(?:zustellung|[uü]bermittlung)|nicht (?:\w+ ){0,2}(?:zu(?:ge)?stell|"
    r"[uü]bermittelt|ausgeliefert|gesendet|weitergeleitet)|unzustellbar|"
    r"zustellung[^.\n]*(?:fehlgeschlagen|nicht m[oö]glich|gescheitert)|nicht erreicht",
    r"(?:n['’]a|n['’]ont|n['’]est|ne) (?:pas |pu |peut |être |etre |pu être )*(?:pu |[eê]tre |"
    r"[eé]t[eé] )*(?:remis|d[eé]livr|distribu|achemin|envoy|transmis)|non remis|impossible de (?:remettre|livrer|"
    r"d[eé]livrer|distribuer)|[eé]chec de (?:la )?(?:remise|livraison|distribution)",
    r"no (?:se )?(?:ha |han |pud\w* |puede |fue )*(?:podido )?(?:ser )?(?:entreg|enviad)|"
    r"imposible (?:de )?entregar|no lleg[oó]|error en la entrega|entrega[^.\n]*fallid",
    r"n[aã]o (?:foi |p[oô]de |puderam |pode |foram )*(?:poss[ií]vel )?(?:ser )?(?:entreg|enviad)|falha (?:na|de|"
    r"ao) (?:entrega|entregar|envi)|n[aã]o foi recebid|erro[^.\n]*entrega",
    r"non (?:[eè] stat[oa] |[eè] |pu[oò] |ha |hanno )*(?:possibile )?(?:essere )?(?:recapit|consegn|inviat|"
    r"inoltrat|raggiunt)|impossibile (?:recapitare|consegnare|inviare|inoltrare)|mancat[oa] (?:recapito|consegna)",
    r"niet (?:\w+ ){0,2}(?:bezorg|afgelever|besteld|verzonden|bereikt)|onbestelbaar|"
    r"kon(?:den)? niet worden (?:bezorgd|afgeleverd)|(?:aflevering|bezorging)[^.\n]*mislukt",
    r"(?:inte|ej) (?:\w+ ){0,2}(?:lever|skick|n[aå]tt|n[aå]dde)|ikke (?:\w+ ){0,2}(?:lever|aflever|sendes|sendt|"
    r"n[aå]ede)|(?:ei|eiv[aä]t) (?:\w+ ){0,2}(?:toimit|l[aä]het|perille)|toimitus ep[aä]onnistui",
    r"nie (?:\w+ ){0,3}(?:dor[eę]cz|dostarcz|wys[lł]an)|niedor[eę]czon|nie m[oó]g[lł] zosta[cć]|ne(?:mohl\w*|"
    r"byl\w*|lze|podařilo)[^.\n]*doru[cč]|nedoru[cč]|(?:teslim|ileti?l?|g[oö]nderil)\w*\s?(?:edile|"
    r"e)?me(?:di|mi[sş])|iletilemedi|ula[sş]t[ıi]r[ıi]lamad|ula[sş]mad",
    r"не (?:\w+ ){0,2}(?:было |быть |была |может быть |удалось |удаётся |удается )*(?:доставл|доставить|отправл|"
    r"отправить)|(?:невозможно|не удалось) (?:доставить|отправить)|недоставл|ошибка[^.\n]*доставк|"
    r"не (?:\w+ ){0,2}(?:вдалося |може бути )*доставл?[ие]|неможливо доставити",
    r"配[信送](?:でき|不能|されま|に失敗|が失敗|エラー|する(?:こと)?が?でき)|配達(?:でき|不能|されま)|送信(?:でき|"
    r"に失敗|されま|エラー)|送(?:る|れ)[^。\n]{0,6}(?:ませんでした|できません)|届(?:け(?:られ|ること|でき)|きませ|"
    r"かなかっ)|お届けでき|返送(?:し|され|いた)|受信できません|転送できません|伝送でき",
    r"(?:无法|未能|不能|没有|沒有|無法|未能夠)[^\n]{0,10}(?:投递|送达|发送|送到|发出|傳遞|傳送|投遞|送達|传递|"
    r"寄出|交付)|(?:投递|发送|傳送|投遞|传递)(?:失败|失敗)|被退回|退信|退回给|系统退信",
    r"(?:배달|전달|전송|발송|송신|보내)[^\n.]*(?:못했|않았|실패|없습니다|수 없|되지|불가)|반송",
)

# The mail is late, and still being tried.
DELAY = phrases.Listed(
    r"this is (?:only )?a warning|warning (?:message )?only|do(?:n.t| not) need to (?:do anything|re-?send)|"
    r"no (?:need to re-?send|action is required on your part)|no need to try",
    r"has not yet been (?:delivered|sent)|not been delivered yet|not yet been delivered|"
    r"still (?:being )?(?:trying|attempt|queued|undelivered|retried|in the queue)",
    r"(?:will|to) (?:continue|keep|be retried|retry|try (?:again|until|for|to deliver it for)|attempt)|"
    r"continue to (?:attempt|try)|delivery attempts will|will be (?:re-?)?(?:tried|attempted) (?:again|until|for)",
    r"delivery (?:is |was |has been |incomplete|attempt )?(?:temporarily )?(?:delayed|suspended|deferred|"
    r"incomplete)|delayed (?:mail|delivery)|\(delay(?:ed)?\)",
    r"(?:message|mail) (?:delivery )?(?:is |has been |to \S+ has been )?(?:still )?(?:delayed|queued|deferred)|"
    r"could not send[^.\n]*for (?:the )?past|not delivered (?:after|for|within)[^.\n]*(?:will|yet)",
    r"noch nicht zugestellt|verz[oö]gert|weitere zustellversuche|wird (?:weiter|erneut) versucht|retard[eé]e?|"
    r"diff[eé]r[eé]e?|pas encore (?:[eé]t[eé] )?(?:remis|d[eé]livr)|retrasad|demorad|"
    r"a[uú]n no se ha (?:podido )?entregad|atrasad|ainda n[aã]o foi|ritardat|in ritardo|non [eè] (?:stato )?ancora",
    r"vertraagd|nog niet (?:bezorgd|afgeleverd)|f[oö]rdr[oö]j|f[oö]rsena|(?:inte|ikke) [^.\n]*(?:[aä]nnu|enda|endnu)|"
    r"forsink|viiv[aä]st|op[oó][zź]nion|"
    r"jeszcze nie (?:zosta[lł]|dostarcz)|zpo[zž]d[eě]n|odlo[zž]en|gecik|задерж|отложен|ещ[её] не доставлен|затрим",
    r"配信が遅|配信[^。\n]{0,8}遅延|遅延して|再送(?:を|いた|し)|引き続き|延迟|延遲|稍后重试|继续尝试|繼續嘗試|"
    r"지연|다시 시도",
)

# The mail is not being tried any more.
GIVEN_UP = phrases.Listed(
    r"giving up|given up|gave up|permanent|not going to try|not delivered within|been returned|"
    r"will not be (?:re-?)?(?:tried|sent)",
    r"could not be delivered for \d+ days|cannot be delivered|no (?:more|further) (?:delivery )?attempts|"
    r"won't try",
    r"\b5\.\d\.\d|\b55\d\b|(?:failed|failure) permanent|\bis (?:unknown|invalid)",
    r"endg[uü]ltig|d[eé]finitiv|definitiv|aufgegeben|abandon|permanente|中止|断念|放弃|포기",
)

# The mail did arrive, or went on to where no report comes from (RFC 3464 section 2.3.3: delivered, relayed).
ARRIVED = phrases.Listed(
    r"(?:was|were|has been|have been) (?:\w+ and )?delivered\b|\.{3} *successfully (?:delivered|relayed)",
    r"(?:has|have) been successfully (?:delivered|relayed|transferred|forwarded)|(?:was|were) (?:successfully|"
    r"correctly) (?:delivered|relayed|transferred|forwarded)|successful (?:mail )?delivery|\(success(?:ful)?\)|"
    r"\(relay(?:ed)?\)|^(?:delivered|relayed|expanded):",
    r"erfolgreich (?:zugestellt|[uü]bermittelt|ausgeliefert|weitergeleitet)|^(?:zugestellt|weitergeleitet):|"
    r"(?:remis|livr[eé]|transmis|d[eé]livr[eé]) avec succ[eè]s|(?:a|ont) bien [eé]t[eé] (?:remis|d[eé]livr[eé]|"
    r"distribu[eé])|^(?:remis|relay[eé]) ?:",
    r"(?:entregado|enviado) (?:correctamente|con [eé]xito|satisfactoriamente)|^entreg(?:ado|ue):|(?:entregue|"
    r"enviad[ao]) com (?:[eê]xito|sucesso)|(?:consegnato|recapitato|inoltrato) (?:correttamente|con successo)|"
    r"^(?:consegnato|recapitato):",
    r"met succes (?:bezorgd|afgeleverd|doorgestuurd)|^bezorgd:|(?:har levererats|levererades) (?:korrekt|utan)|"
    r"^levererat:|успешно (?:доставлен|отправлен)|^доставлено:|dostarczon[aoy] pomy[sś]lnie|^dostarczone:",
    r"(?:正常に|無事)(?:配信|配送|配達|送信|中継)|^配信済み[:：]|成功(?:投递|送达|传递|傳遞|送達)|(?:已送达|已傳遞)[:：]|"
    r"정상적으로 (?:전송|배달|발송|전달)(?:되었|했|됐)",
)

# The failure is final by its own words: what it leaves out is why.
FINAL = phrases.Listed(
    r"permanent|fatal|fail(?:ed|ure)?\b|undeliver|not (?:be )?(?:deliver|sent)|did not (?:reach|receive)|"
    r"wasn.t able|unable to deliver|returned",
)

# Mails of mail systems about many mails (queues, quarantines, statistics), and about those that came to their reader or
# that their reader takes back. None of them is ours that did not arrive.
OF_OTHERS = phrases.Listed(
    r"quarantin|(?:spam|junk|daily|weekly|hourly|monthly|nightly|queue|status|statistics?|summary|usage|"
    r"aggregate) (?:digest|report|summary|statistics)|\bdigest\b",
    r"report domain:|\bmoderat|awaits? (?:your )?(?:moderator )?approval|is being held|(?:has|have) been held|"
    r"mail queue (?:report|warning|status|alert|length|size|is)|messages? (?:are |is )?(?:in|on) (?:the )?queue|"
    r"\bdisk (?:usage|space) (?:on|alert|warning)|"
    r"\byour (?:mailbox|account|inbox|quota|storage) (?:is|has|will)\b|reduce (?:the size of )?your mailbox",
    r"(?:^|[\s,(])(?:\d{1,2}|[1236-9]\d\d|\d{4,7}) +(?:(?:e-?mail|message|mail)s? )?(?:(?:were|was|are) )?(?:received|"
    r"delivered|deferred|bounced|rejected|queued|blocked)\b",
    r"(?:mail|message)s? (?:(?:sent|addressed|from \S+) )*to you\b|"
    r"(?:virus|infect|spam)[^.\n]* (?:to|for) you\b|message recall|recall the message",
    r"隔離(?:され|通知|レポート|メール)|(?:週次|日次|月次)レポート|隔离(?:通知|报告|邮件)|zur[uü]ckgehalten|"
    r"quarant[aä]n",
)

# The mail it is about is the reader's own.
YOURS = phrases.Listed(
    r"your (?:\w+ )?(?:e-?mail|mail|message|posting|letter|document)|(?:mail|message) (?:that |which )?you (?:\w+ )?"
    r"sent|you (?:have )?(?:sent|tried|attempted)|ihre? (?:e-?mail|mail|nachricht)|votre (?:e-?mail|message|courri)|"
    r"(?:mensage[mn]|mensaje|message|messaggio) (?:enviad|envoy|inviat)|"
    r"(?:su|tu) (?:mensaje|correo|e-?mail)|(?:sua|tua) mensagem|seu e-?mail|(?:suo|tuo) messaggio|"
    r"uw (?:e-?mail|bericht)|(?:ditt|din|dit) (?:meddelande|meddelelse|e-?post|e-?mail|besked)|viesti[sä]|"
    r"(?:twoja|pa[nń]stwa) wiadomo|va[sš][ei] zpr[aá]v|iletini|mesaj[ıi]n[ıi]z|"
    r"ваш[аеу]? (?:письм|сообщ|повідом|лист)|お送り|送信され|あなたの|"
    r"お客様|[您你](?:的|发|發|寄)|보내신|귀하",
)

# Deliveries of another kind: parcels, orders, calls. Their senders call themselves delivery systems as well.
OF_GOODS = phrases.Listed(
    r"(?:invoice|rechnung|facture|factura|fattura)[ #:.\w-]{0,15}\d",
    r"parcel|\bpackage\b|shipment|shipping|courier|tracking (?:number|id|code)|your order|redelivery",
    r"\bpaket|sendungs|\bcolis\b|paquete|encomenda|\bpacco\b|paczk|посылк|お荷物|宅配|快递|快遞|包裹|택배",
)
