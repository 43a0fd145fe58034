"""Why mail servers say a mail did not arrive: one list for one meaning, in the words of servers and gateways.

The wording is that of the programs themselves (Sendmail, Postfix, Exim, qmail, Exchange, Domino, GroupWise, …) and of
the providers' published lists of refusals (Google's and Microsoft's "SMTP error" pages, Yahoo's, GMX's). The phrases
are matched in text as it stands, accents and all; mail systems often leave accents out, hence ``[eé]``.
"""

# The refusal is about who sent, by which host, or how it was proven: our side of the conversation.
SENDER = (
    r"sender(?:'s)? (?:e-?mail )?(?:address|domain|host|verif|id|ip|denied|rejected|is not|not|unknown|policy)",
    r"(?:invalid|unknown|bad|unverified|unauthori[sz]ed) (?:envelope )?(?:sender|return path|reverse-?path|mail from)",
    r"(?:unknown|invalid|null mx)[^\n]*(?:of|for) sender",
    r"mail from (?:address|command)[^\n]*(?:reject|refus|invalid|not)",
    r"client host (?:\S+ )?(?:rejected|blocked)|helo command rejected|\b(?:he|eh)lo\b[^\n]*(?:invalid|reject|bad)",
    r"cannot find your (?:host ?name|reverse)|reverse (?:dns|lookup|hostname|address)|\bptr (?:record|lookup)|rdns",
    r"your (?:host|domain|ip|server|mta|network|e-?mail server)\b[^\n]*(?:block|list|reject|ban|reputation|denied|"
    r"not allowed|configur)",
    r"banned sending ip|weren't sent\. please contact your internet service provider",
    r"the sender does not have permission|you do not have permission to send|not allowed to send",
    r"authentication(?:-results)? (?:is )?(?:required|failed)|unauthenticated (?:mail|e-?mail|senders?)",
    r"call-?(?:back|out)\b[^\n]*(?:fail|verif|reject)|frequency (?:is )?(?:limit|too)|too frequent|local user only",
    r"\bdmarc\b|\bspf\b|\bdkim\b|authenticated sender",
    r"送信(?:元|者)[^。\n]*(?:拒否|許可|認証|制限)|なりすまし",
)

# Filters that name themselves: stronger than any word about the mailbox beside them.
FILTERED = (
    r"\bspam(?:haus|cop|assassin|trap)?\b|blacklist|black list|block ?list|\brbl\b|dnsbl|\bsurbl|"
    r"barracuda (?:reput|central)",
    r"reputation|unsolicited|bulk (?:e-?)?mail|phish|\bvirus(?:es)?\b|infected|malware|\bjunk\b",
    r"(?:message|mail|content|e-?mail) (?:was |has been |is )?(?:rejected|refused|blocked|denied)[^\n]*"
    r"(?:content|policy|filter|rule|administrat|security)",
    r"(?:due to|for|against|violat\w+) (?:\w+ ){0,3}polic(?:y|ies)",
    r"policy (?:reasons|restrictions?|violation|rejection|reject)|content (?:rejected|filter|restriction|polic)",
    r"\b55\d (?:dt|hl|mi):[a-z]{3}\b",  # NetEase's list of refusals: data, host, mail
    r"迷惑メール|スパム|ウイルス|垃圾(?:邮件|郵件)|스팸|спам",
    r"(?:courrier )?ind[eé]sirable|correo (?:no deseado|basura)|werbemail|posta indesiderata|niechcian|oönskad",
)

# The mailbox is full: it exists, and may take mail again.
FULL = (
    r"\bquota|over ?quota|quota ?exceed|size limit of the (?:mail)?box",
    r"(?:mail ?(?:box|folder|file|drop|store)?|inbox|account|user|recipient|in-?tray|disk)"
    r" (?:is |was |are |currently |has become |already |now |too )*(?:full|over its)\b",
    r"(?:inbox|mail ?box|storage|disk|account|mail ?folder)[^.\n]*(?:\bfull\b|exceed|over its|out of|limit)",
    r"insufficient (?:system |disk |mailbox )?(?:storage|disk|space|room)|not enough (?:storage |disk )?(?:space|"
    r"storage|room)",
    r"space not enough|out of (?:storage|disk|space)|no space left|allowed storage|too many (?:messages|"
    r"mails) (?:in|on|for)",
    r"exceeded (?:the |its |his |their |maximum )*(?:storage|disk|space|mail)|would exceed|mail ?box space",
    r"(?:メール(?:ボックス|サーバ)?|容量|受信箱|受信トレイ|ディスク)[^。\n]*(?:いっぱい|一杯|超え|超過|満杯|"
    r"不足|制限)",
    r"容量(?:オーバー|不足|已满|已滿|超)|保存容量|邮箱(?:空间|容量)?(?:已|不)?(?:满|足)|(?:信箱|郵箱)(?:空間|"
    r"容量)?(?:已滿|不足)|空间不足|超(?:出|过)[^\n]{0,8}(?:容量|配额|空间)",
    r"(?:사서함|메일함|편지함|받은\s?편지함|메일박스)[^\n]*(?:가득|용량|초과|꽉)|용량[^\n]{0,8}초과",
    r"(?:postfach|mailbox|posteingang|speicher)[^.\n]*(?:\bvoll|überschritten|erschöpft|überfüllt)|"
    r"kein speicherplatz",
    r"bo[iî]te[^.\n]*(?:pleine|satur[eé]e)|espace (?:disque|de stockage)[^.\n]*(?:insuffisant|d[eé]pass|"
    r"satur)",
    r"(?:buz[oó]n|bandeja|cuenta)[^.\n]*(?:llen[oa]|excedi|super[oó])|cuota|espacio insuficiente",
    r"caixa[^.\n]*(?:chei[oa]|lotad[oa]|excedid)|\bcota\b",
    r"(?:casella|cassetta)[^.\n]*(?:pien[oa]|esaurit|superat)|spazio (?:disco )?(?:esaurito|insufficiente)",
    r"(?:postvak|mailbox|postbus)[^.\n]*\bvol\b|(?:postl[åa]da|inkorg|brevl[åa]da|postkasse|innboks|"
    r"postboks)n?[^.\n]*(?:full|fuld|fyldt)",
    r"postilaatikko[^.\n]*t[äa]ynn[äa]|skrzynk[aię][^.\n]*(?:pe[lł]n|przepe[lł]n|przekrocz)|"
    r"schr[aá]nka[^.\n]*(?:pln[aá]|p[rř]epln)",
    r"(?:posta|gelen) kutusu[^.\n]*(?:dolu|doldu)|kotas?[ıi] (?:doldu|a[sş][ıi]ld)",
    r"ящик[^.\n]*(?:переполн|заполн)|квот|скриньк[^.\n]*(?:переповн|заповн)",
)

# The server answers that it may know more later, whatever it says of the mailbox (450 and 451, RFC 5321 section 4.2.3).
BUSY = (
    r"\b4[25]\d[ -](?:4\.\d\.\d )?[^\n]*(?:unavailable|not taken)",
    r"temporar\w+ (?:unavailable|disabled|suspended|locked|inactive|deferred|rejected)",
    r"gr[ea]y-?list|server (?:is )?(?:currently |temporarily )?(?:unavailable|too busy|busy)|"
    r"receiving mail (?:too quickly|"
    r"at a rate)",
)

# Nobody is there, or no such host.
UNKNOWN = (
    r"(?:user|recipient|address(?:ee)?|mail ?box|account|alias|login|customer|subscriber|rcpt|e-?mail|name|member)"
    r"[^\n]*(?:unknown|not (?:be |been )?found|not recogni[sz]ed|n[o'’]?t exist|not listed|"
    r"is invalid|not known|does not have|unrecogni[sz]ed|disabled|deactivated|inactive|dormant|"
    r"suspended|discontinued|not (?:a )?valid|no longer|not (?:an? )?active|closed|has expired|terminated|deleted|"
    r"ambiguous|rejected: user|not (?:here|match)|not unique|misspelled|does not belong|doesn.?t have|not defined)",
    r"(?:unknown|no such|invalid|bad|non-?existent|unrouteable|unroutable|illegal|undeliverable|inactive|incorrect|"
    r"unable to find|can(?:no|')t find|not a valid|is not a|no matching) (?:local )?(?:or \w+ )?(?:destination |"
    r"recipient )?(?:e-?mail |"
    r"mail )?(?:user|recipient|address(?:ee)?|mail ?box|account|alias|local part|person|login|name|customer|member)",
    r"no (?:\w+ )?(?:mail ?box|account|user|person)\b[^.\n]*\b(?:here|by that name|with that name|found|name|"
    r"exist)",
    r"(?:doesn.t|does not|don.t) (?:like|have (?:an?|any)|recogni[sz]e)[^\n]*(?:recipient|account|user|"
    r"mailbox|address)",
    r"requested (?:mail )?action not taken|requested (?:mail )?action aborted, mailbox not",
    r"reject(?:s|ed|ing)? (?:the |this )?(?:recipient|address|user|mailbox)",
    r"recipient(?:'s| address| ok)? (?:rejected|not ok|refused)|recipnotfound|recipientnotfound",
    r"invalid final delivery|final e-?mail delivery point|not our customer|\bno mailbox\b|(?:mail ?box|account|"
    r"user|address)(?: name)? (?:is |currently )*unavailable",
    r"not (?:listed )?in (?:the |our )?(?:[\w&' ]+ )?(?:directory|address book|name ?(?:and address book|server))",
    r"(?:ok[aä]nd|ukendt|ukjent|nieznany|nezn[aá]m[yý]|tuntematon) (?:mottag|modtag|mottak|anv[aä]nd|brug|adre|"
    r"odbior|u[zż]y|vastaan|k[aä]ytt|p[rř][ií]j)",
    r"host (?:or domain name )?(?:is )?(?:unknown|not found)|unknown (?:host|domain|mail ?er)|no such (?:domain|host)",
    r"(?:domain|host|name)(?: name)? (?:\S+ )?(?:does(?:n.?t| not) exist|not found|is (?:unknown|invalid))|"
    r"nonexistent domain|nxdomain|domain \S+ (?:is |has )?expired",
    r"name or service not known|null ?mx|does not (?:accept|receive) (?:any )?(?:e-?)?mail|(?:no|"
    r"not) (?:an? )?mx\b.{0,20}record",
    r"(?:couldn.t|could not|can.t|cannot|unable to) (?:find|resolve)[^.\n]*(?:host|domain|name)",
    r"dns (?:error|type)[^.\n]*(?:not found|no such|lookup)|bad destination|destination (?:address|"
    r"domain)[^\n]*(?:unknown|invalid)",
    r"nicht (?:im|in der|in dem) [^\n]*(?:verzeichnis|directory)|ne figure pas dans|no (?:aparece|figura) en|"
    r"non (?:[eè] )?(?:presente|elencat\w) n|(?:niet|inte|ikke|ej) (?:\w+ )?i (?:de |domino)|nie ma (?:go )?w katalogu|"
    r"has left|(?:is|was) no longer (?:with|at|employed|in use|valid|available|accept)|mailbox owner has changed|"
    r"has moved",
    r"did(?:n.t| not) exactly match|no match(?:es|ing)?\b|never logged onto|not registered|is not (?:known|"
    r"defined) (?:here|at|on)",
    r"(?:宛先|ユーザー?|アドレス|受信者|メールボックス|ドメイン|アカウント|相手先|あて先)[^。\n]*(?:見つか|"
    r"存在し|不明|無効|誤り|ありません|間違|解約|変更|正しく|登録され)",
    r"該当する(?:ユーザー|アドレス)|使(?:われ|用され)て(?:い|おり)ません|(?:ユーザー|アドレス|ホスト)不明|"
    r"(?:アドレス|宛先)エラー",
    r"(?:用户|收件人|邮箱|地址|帐号|账号|域名|收件人地址|用戶|使用者|收件者|信箱|帳號)[^\n]*(?:不存在|无效|"
    r"無效|未找到|找不到|错误|錯誤|停用|禁用|不正确|已注销)|(?:无此|無此|查无此|查無此|找不到|没有这个|"
    r"沒有這個)(?:用户|用戶|收件|使用者|邮箱|信箱|帳號|人)",
    r"(?:사용자|수신자|받는\s?사람|계정|메일\s?주소|주소|도메인|수신인)[^\n]*(?:없|존재하지|찾을|유효하지|"
    r"잘못|휴면|정지|탈퇴)|(?:없는|존재하지 않는|알 수 없는) (?:사용자|계정|주소|수신자|메일)",
    r"(?:empf[aä]nger|adresse|benutzer|postfach|konto|e-?mail-?adresse|teilnehmer|domain|"
    r"dom[aä]ne)[^.\n]*(?:unbekannt|existiert nicht|nicht (?:gefunden|bekannt|vorhanden|existent|"
    r"verf[uü]gbar|g[uü]ltig)|ung[uü]ltig|gesperrt|deaktiviert|gel[oö]scht)|unbekannter? (?:empf[aä]nger|benutzer)",
    r"(?:destinataire|adresse|utilisateur|bo[iî]te|compte|domaine|usager)[^.\n]*(?:inconnue?|introuvable|"
    r"n['’]existe pas|invalide|inexistante?|non (?:trouv|recens|valide)|erron[eé]e|d[eé]sactiv|ferm[eé]|"
    r"pas pu [eê]tre trouv)",
    r"(?:destinatari[oa]|direcci[oó]n|usuario|buz[oó]n|cuenta|dominio)[^.\n]*(?:desconocid|no (?:existe|"
    r"se (?:ha )?encontr|v[aá]lid|fue encontrad)|inv[aá]lid|inexistente|desactivad|deshabilitad|incorrect)",
    r"(?:destinat[aá]rio|endere[cç]o|usu[aá]rio|utilizador|caixa|\bconta\b|dom[ií]nio)[^.\n]*(?:desconhecid|"
    r"n[aã]o (?:existe|encontrad|foi encontrad|[eé] v[aá]lid|p[oô]de ser encontrad)|inv[aá]lid|inexistente|"
    r"desativad|bloquead)",
    r"(?:destinatario|indirizzo|utente|casella|dominio|account)[^.\n]*(?:sconosciut|inesistente|"
    r"non (?:esiste|trovat|valid|[eè] stat[oa] trovat|[eè] valid|raggiungibil)|errat|disattivat|disabilitat|"
    r"cessat)",
    r"(?:ontvanger|adres|gebruiker|postvak|geadresseerde|domein|account)[^.\n]*(?:onbekend|bestaat niet|"
    r"niet (?:gevonden|bekend|geldig|bestaand)|ongeldig|opgeheven)|onbekende (?:ontvanger|gebruiker)",
    r"(?:mottagar|anv[aä]ndar|adress|postl[aå]da|modtager|bruger|bruker|mottaker|konto|"
    r"domän)\w*[^.\n]*(?:ok[aä]nd|ukendt|ukjent|finns inte|findes ikke|finnes ikke|eksisterer ikke|"
    r"existerar inte|hittades inte|kunne ikke (?:findes|finnes)|ble ikke funnet|blev ikke fundet|ogiltig|ugyldig|"
    r"kunde inte hittas)",
    r"(?:vastaanottaja|osoite|osoitetta|k[aä]ytt[aä]j[aä]|tili)\w*[^.\n]*(?:tuntematon|ei (?:ole|l[oö]y)|"
    r"virheelli|ei tunneta)",
    r"(?:u[zż]ytkownik|adres|odbiorc|skrzynk|konto|domen)\w*[^.\n]*(?:nieznan|nie istnieje|"
    r"nie (?:zosta[lł]\w* )?znalezion|niepoprawn|nieprawid[lł]ow|nieaktywn|zablokowan|usuni[eę]t)",
    r"(?:u[zž]ivatel|adres|p[rř][ií]jemc|schr[aá]nk|dom[eé]n)\w*[^.\n]*(?:nezn[aá]m|neexistuje|"
    r"nebyl\w* nalezen|neplatn|zru[sš]en)",
    r"(?:kullan[ıi]c[ıi]|adres|al[ıi]c[ıi]|posta kutusu|hesap|alan ad[ıi])\w*[^.\n]*(?:bilinmiyor|bulunamad|"
    r"mevcut de[gğ]il|ge[cç]ersiz|yok\b|bilinmeyen)|bilinmeyen (?:kullan[ıi]c[ıi]|al[ıi]c[ıi])",
    r"(?:пользовател|адрес|получател|ящик|домен|абонент)[^.\n]*(?:не (?:существует|найден|известен|"
    r"зарегистрирован|обнаружен)|неизвест|недействит|неверн|некоррект|заблокирован|отключ|удал[её]н)|"
    r"(?:нет такого|неизвестный) (?:пользовател|адрес|получател)",
    r"(?:користувач|адрес|одержувач|отримувач|скриньк|домен)[^.\n]*(?:не (?:існує|знайден|зареєстрован)|"
    r"невідом|недійсн|неправильн|заблокован|видален)",
)

# The mail is refused for its content, its sender or its way: the address is not at fault.
OURS = (
    r"blocked|block ?listed|banned|polic(?:y|ies)|prohibit|forbidden|denied|relay|whitelist|verif(?:y|"
    r"ication) (?:fail|required)|unverified",
    r"not (?:authori[sz]ed|permitted|allowed|accept)|notauthori[sz]ed|restricted|refused (?:by|your|due|because|for)|"
    r"(?:message|mail)[^.\n]*(?:was|is|been) refused|only accepts? (?:e-?)?(?:mail|messages?)|undesired|"
    r"suspicious",
    r"rejected (?:by|for|due|as|on)|(?:message|mail) (?:was |is |has been )?(?:content )?rejected|complaints?",
    r"too (?:large|big|long)|exceed[^\n]*size|maximum (?:\w+ ){0,3}size|size (?:limit|exceeds)|"
    r"exceeds[^.\n]*size|max(?:imum)? (?:message |allowed |"
    r"permitted )*size|sizelimit",
    r"list of allowed rcpthosts|attachment|authenticat|limit exceeded|sending limit|rate ?limit|daily limit",
    r"(?:reached|exceeded) (?:a|the|your|its) (?:\w+ )?limit|limit for sending",
    r"(?:groter dan|gr[oö](?:ß|ss)er als|plus (?:grand|volumineux)|superior al?|m[aá]s grande|maggiore|"
    r"maior (?:do )?que|st[oö]rre [aä]n|st[oø]rre end?|wi[eę]ksz\w+ ni[zż]|v[eě]t[sš][ií] ne[zž]|больше)[^.\n]*"
    r"(?:max|m[aá]x|maks|mass|макс|zul[aä]ss|till[aå]|permit|consent|dovol|dozwol|допуст|limi)",
    r"not (?:an? )?(?:\w+ )?(?:member|subscriber)|non-?(?:member|subscriber)|only (?:accept\S* )?(?:\w+ )?(?:from )?"
    r"(?:member|subscriber)",
    r"exceed[^.\n]*(?:per (?:hour|day|minute)|\brate\b|(?:maximum|allowed) number|sending|hourly|daily)",
    r"(?:gr(?:ö|oe?)(?:ß|ss)e|umfang|taille|tama[nñ]h?o|dimension\w*|omvang|grootte|storlek|st[oø]rrels\w*|rozmiar|"
    r"velikost|размер|koko|boyut)[^.\n]*(?:[uü]berschr|d[eé]pass|exced|super|overschr|[oö]verskr|overskr|przekr|"
    r"p[rř]ekr|превыш|превос|ylitt|a[sş])|(?:[uü]berschreitet|d[eé]passe|excede|supera|ultrapassa|превышает)[^.\n]*"
    r"(?:gr(?:ö|oe?)(?:ß|ss)e|taille|tama[nñ]h?o|dimension|размер)",
    r"拒否|許可されて|制限されて|受信制限|サイズ[^。\n]*(?:超|大き)|拒绝|拒絕|退信策略|수신 ?거부|차단|거부",
    r"abgelehnt|abgewiesen|verweigert|zu gro(?:ß|ss)|nicht (?:erlaubt|zul[aä]ssig|berechtigt)|"
    r"refusée?|a [eé]t[eé] refus[eé]e?|"
    r"rejet[eé]e?|trop (?:volumineux|gros)|interdit|rechazad|denegad|demasiado grande|no permitid|rejeitad|"
    r"recusad|muito grande|rifiutat|respint|troppo grande|non (?:consentit|autorizzat)",
    r"geweigerd|te groot|niet toegestaan|avvisa[dt]|nekad|afvist|avvist|n[aä]ktet|hyl[aä]t|estetty|odrzucon|"
    r"zablokowan|odm[ií]tnut|zam[ií]tnut|reddedil|engellen|отклон|отказан|запрещ|заблокир|відхилен|заборон",
)

# The failure may pass.
PASSING = (
    r"temporar|transient|try(?:ing)? again|try later|retry|retries|later\b|deferred|throttl|gr[ea]y-?list",
    r"service (?:currently |is )?unavailable|improper (?:sequence|use)|not been collected|too busy|overload",
    r"tim(?:ed?|ing)[ -]?out|connection (?:was )?(?:refused|dropped|lost|reset|died|failed|closed|terminated)|"
    r"unreachable|no route",
    r"too many (?:connections|recipients|hops|attempts|failed|invalid)|\bloop|hop count|hops exceeded|expired|"
    r"not respond|no answer",
    r"resources|(?:couldn.t|could not|unable to|can.?not|failed to) (?:be )?(?:connect|establish|open|contact|reach)|"
    r"configuration error|misconfigur|local (?:error|problem)|(?:internal|system|server|software|protocol|i/o|"
    r"unexpected) (?:error|problem|failure)",
    r"\d+ attempts|maximum (?:\w+ )?(?:attempts|retries|time)|(?:for|after|within) (?:more than |over |the past )?"
    r"[\d.]+ (?:day|hour|minute)|(?:nach|seit|innerhalb von|apr[eè]s|depuis|durante|despu[eé]s de|ap[oó]s|dopo|na|"
    r"efter|po|через|в течение) (?:\S+ )?\d+ (?:tag|stunde|jour|heure|d[ií]a|hora|giorn|or[ea]\b|dag|uur|tim|dni|godz|"
    r"дн|час|сут)|\d+ ?(?:日間|時間)|congest|"
    r"for a long time|too long|"
    r"(?:message|mail) (?:has )?expired|lifetime|command (?:died|failed)|died with|status \d+|deadlock|"
    r"dns (?:query|lookup|server) fail|servfail",
    r"一時的|タイムアウト|接続でき|時間(?:内|切れ)|しばらく|暂时|稍后|超时|暫時|逾時|일시적|시간\s?초과|나중에",
    r"vor[uü]bergehend|zeit[uü]berschreitung|nicht erreichbar|sp[aä]ter|temporaire|d[eé]lai|plus tard|injoignable|"
    r"m[aá]s tarde|tiempo de espera|tempor[aá]r|mais tarde|tempo (?:limite|esgotado|scaduto)|pi[uù] tardi|"
    r"tijdelijk|tillf[aä]llig|midlertidig|tilap[aä]inen|tymczasow|p[oó][zź]niej|do[cč]asn|ge[cç]ici|временн|позже|"
    r"тимчасов|пізніше|недоступ",
)
