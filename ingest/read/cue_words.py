"""Words and phrases that say how far a change of law is, by language. In small letters and plain signs.

`!` before a status: final words, which a plan or a proposal named beside them does not outweigh; `?`: weak ones, which any other outweighs.
"""

from __future__ import annotations

from typing import Final

CUES: Final[dict[str, tuple[tuple[str, str], ...]]] = {
    "en": (
        ("enforcement", r"(?:licen[cs]e|authori[sz]ation|registration|permission|approval)s?(?: (?:of|to|"
                        r"for) [^.;\n]{1,40}?)? (?:has been |have been |was |were |is |are )?(?:withdrawn|revoked|"
                        r"cancel+ed|suspended)"
         r"|(?:withdr\w+|revok\w+|cancel\w*|suspend\w*) (?:the |its |a |an |"
         r"their )?(?:[a-z'-]+ ){0,4}?(?:licen[cs]es?|authori[sz]ations?|registrations?|permissions?)|"
         r"fine[sd] (?!print|tun)|fined\b|fine (?:on|for|against) (?:an? |the |two |three |several )?(?:[a-z-]+ ){0,2}(?:banks?|"
         r"institutions?|firms?|providers?|compan(?:y|ies)|operators?|platforms?|remitters?|exchanges?|brokers?|issuers?|lenders?)\b"
         r"|impos\w+ (?:a |an )?(?:[a-z£$€\d.,]+ ){0,4}?(?:fine|penalt(?:y|ies)|sanction on)|(?:civil (?:money )?|"
         r"monetary |administrative )?penalt(?:y|ies) (?:against|imposed|issued)|receiv\w+ (?:a |an )?(?:[a-z]+ )?(?:penalt\w+|fines?|"
         r"sanctions?)|(?:will|has to|must|agreed to|to) pay (?:a |an )?(?:[a-z£$€\d.,]+ ){0,4}?(?:fine|penalt(?:y|ies))|(?:that|who|which) "
         r"(?:have|has|had) (?:not complied|breached|failed to comply|contravened)|serious (?:breach|failing|deficienc)\w*|"
         r"barr(?:ed|ing) (?:from|him|her)|banned (?:him|her|from acting|from the industry)|struck off|cease[- ]and[- ]desist|consent order"
         r"|settle(?:s|d|ment) with|agreed to pay|warn(?:s|ed|ing)(?: the public| consumers| investors)? (?:about|"
         r"against|of|on) (?:an? |the )?(?:unauthori[sz]ed|unlicen[cs]ed|clone|scam|fraud|fake)|"
         r"unauthori[sz]ed (?:firms?|entit\w+)"
         r"|enforcement action|convicted|sentenced|prosecut\w+|reprimand\w*|public censure"),
        ("?enforcement", r"penalt(?:y|ies) (?:of|on)|offences?|enforcement (?:notice|report|proceeding\w*)|investigat\w+ into"),
        ("postponed", r"(?:originally|initially|previously|first) (?:planned|due|set|scheduled|expected|intended|supposed|meant|foreseen) "
                      r"(?:to (?:apply|take effect|enter|come|start|begin|commence|go live)|for |on |from )|(?:will|shall|to) now (?:only )?(?:apply|start|begin|"
                      r"take effect|commence|come into force|enter into force|go live) (?:only )?(?:from|on|as of|in)|(?:instead of|rather than) (?:on |from |by )?"
                      r"(?:the )?(?:\d{1,2} [a-z]+ 20\d\d|[a-z]+ \d{1,2}, 20\d\d)|(?:more|additional|extra|further) time (?:for|to)|one year later|"
                      r"(?:was|were|had been) (?:due |scheduled |set |supposed |expected |meant |planned )?to (?:take effect|apply|come into (?:force|effect)|"
                      r"enter into force|start|begin|commence|go live)|revised (?:timeline|timetable|deadline|schedule|implementation date|effective date)|"
                      r"(?:timeline|timetable|date|deadline|schedule)s?(?: [^.;\n]{0,60}?)? (?:has been |have been |is |are )?(?:revised|adjusted|changed)(?: to|\n)"),
        ("skip", r"value[- ]added(?: tax)?|added value|penalt(?:y|ies) (?:of|on|for) (?:not less|up to|at least|late)|(?:cash |atm |bank |banknote |coin |note )?withdrawals?(?= (?:limit|fee|of (?:cash|funds|money)|"
                 r"from))|cash withdrawals?|following (?:a |the |its )?(?:public )?consultation|after (?:a |"
                 r"the )?(?:public )?consultation|having consulted"
         r"|(?:response|responses|feedback) to (?:the |its )?consultation|consultation response|"
         r"consultation feedback|feedback statement|in consultation with|consultation (?:has )?(?:closed|ended)|"
         r"passed (?:on )?to (?:customers|consumers)"
         r"|draft (?:guid\w+ )?returns?|proposed (?:by|in) |(?:originally|first|initially) (?:proposed|announced|"
         r"planned)|effective (?:supervision|system|control|implementation|measures?|risk)|"
         r"adopt\w* (?:by )?(?:financial|technology|customers)|proposed merger|withdrawing cash"),
        ("withdrawn", r"withdrawn|withdraws?|withdrew|withdrawing|scrap(?:s|ped|ping)?|abandon(?:s|ed|ing)?|"
                      r"shelve[sd]?|call(?:s|ed)? off|ax(?:e[sd]?|ing)|drop(?:s|ped|ping) (?:its |the |a |plans?|"
                      r"proposals?|bid)|(?:plan|proposal|bill|increase|rise|measure|tax|hike|rule)s? (?:is |was |"
                      r"has been |have been |were |are )?(?:dropped|cancel+ed|rejected|reversed|killed|voted down)"
         r"|cancel(?:s|led|ed)? (?:the |its |a |plans? )?(?:[a-z]+ ){0,3}(?:increase|rise|hike|plan|reform|change|"
         r"introduction|tax|reduction)|(?:will|would|shall) (?:not|no longer) (?:go ahead|proceed|be (?:introduced|"
         r"raised|increased|implemented|adopted|pursued|changed|reduced|made|enacted|applied|brought)|rise|increase|"
         r"change|happen|take place)"
         r"|(?:not|no longer|never) (?:going ahead|be(?:ing)? (?:pursued|planned|taken forward|proceeded with)|planned|proceed\w*|taken forward|pursu\w+)|"
         r"decid\w+ (?:not to|against)|(?:repeal|revok|revers|rescind)\w* (?:of )?(?:the |its |a )?(?:[a-z]+ ){0,2}(?:increase|rise|hike)|rul(?:es|ed|ing) out|nullif\w+|(?:bill|proposal|draft|motion|amendment) (?:has |have |was |is )?(?:lapsed|lapses|fell|"
         r"falls|failed|fails|defeated|rejected)|reject(?:s|ed) (?:the |a |its )?(?:[a-z]+ ){0,3}(?:bill|proposal|plan|increase|amendment|rise)|annul(?:s|led|"
         r"ment)?|str(?:uck|ikes?|iking) down|declared? (?:[a-z]+ )?(?:null and )?(?:void|invalid|unconstitutional|"
         r"unlawful)|invalidat\w+|quash(?:es|ed)?|set aside by|overturn(?:s|ed)?|vacat(?:es|ed)|vetoe[sd]|"
         r"voted? down|u-turn|backtrack\w*|revers(?:es|ed) (?:its |the |a )?(?:[a-z]+ ){0,2}(?:decision|plan|"
         r"increase|rise|hike)"
         r"|repeal(?:s|ed)?(?: [^.;\n]{1,60}?)? before (?:it|they|its|their|the|ever|taking|coming|entering)|"
         r"before it (?:ever |could |had )?(?:appl|t[oa]\w+ effect|ent\w+ into|c[oa]me into)|never (?:existed|"
         r"(?:been )?(?:adopted|applied|entered|introduced|agreed|enacted|proposed|decided)|came|took|take|enter|"
         r"come)|den(?:y|ies|ied|ying)(?! (?:the |any |all |an? )?(?:allegation|wrongdoing|liability|access|"
         r"application|request|authori))|(?:false|untrue|fake|incorrect|fabricated|misleading|unfounded|erroneous|"
         r"inaccurate) (?:reports?|claims?|news|rumou?rs?|information|stor\w+|posts?|media reports?|messages?)"
         r"|(?:is|are|were|was) (?:false|untrue|fake|fabricated|unfounded|not true|incorrect|a hoax)|no truth|"
         r"misinformation|disinformation|hoax|rumou?rs?|there (?:is|are|was|were|has been|have been) no (?:such|"
         r"plans?|proposals?|eu|decision|intention|change|truth)|no (?:current )?(?:plans?|intention) (?:to|for)|"
         r"no such (?:decision|plan|change|proposal|increase|measure|tax|levy|rule)s?|(?:is|are|was|were) (?:inaccurate|baseless|without "
         r"foundation|groundless)|no (?:change|increase|rise|changes) (?:to|in|of) (?:the )?(?:rate|vat|gst|value|tax|threshold|limit|"
         r"standard|levy)|remains? unchanged(?= at)|does not exist|do not exist|did not exist|debunk\w*"),
        ("postponed", r"postpon(?:e[sd]?|ing|ement)|deferr(?:ed|al|ing)|defers?|delay(?:s|ed|ing)? (?:the |its |"
                      r"until|to|by|for|implementation|application|entry|introduction|enforcement|start|launch)|"
                      r"(?:is|are|been|be|was|were) delayed|delay (?:of|in|"
                      r"to) (?:the )?(?:[a-z]+ ){0,2}(?:application|entry|implementation|introduction|start|"
                      r"effective|compliance|rule)|push(?:es|ed)? back|put(?:s)? (?:back|off)|(?:date|deadline|"
                      r"start)s? (?:of [a-z ]{1,40} )?(?:is |are |was |has been |have been |will be )?(?:moved|"
                      r"extended|pushed|put back)"
         r"|exten(?:ds?|ded|ding|sion of) (?:the |its |of the )?(?:[a-z-]+ ){0,3}?(?:deadline|compliance date|"
         r"effective date|transition\w*(?: period)?|implementation (?:date|period|timeline|deadline)|"
         r"application date|timeline|grace period)|stop[- ]the[- ]clock|suspend(?:s|ed|ing)? (?:the |its )?(?:[a-z]+ ){0,2}?(?:rule|decree|law|tax|levy|enforcement|application|implementation|order|increase|regulation|circular)|later than (?:originally )?planned|"
                      r"(?:mov(?:es|ed|ing)|reschedul\w+|delay(?:s|ed|ing)?) (?:the |its |back )?(?:[a-z]+ ){0,2}?(?:start|commencement|application|"
                      r"effective|compliance|implementation|go-live|launch)(?: date)?|(?:now|instead) (?:apply|start|begin|commence|take effect) "
                      r"(?:only )?(?:from|on|in)(?= [^.;\n]{4,30} (?:instead|rather))|(?:one|two|three|six|twelve)[- ](?:year|month)s? (?:delay|deferral|postponement)|"
         r"new (?:compliance |effective |implementation |application |start )(?:date|deadline)|exten(?:ds?|ded|ding) (?:the |its )?(?:[a-z-]+ ){0,2}?(?:relief|moratorium|"
                      r"forbearance|phase-in)|later date|additional time to comply|"
         r"more time to comply"),
        ("consultation", r"(?:launch\w*|open\w*|start\w*|publish\w*|issu\w+|begins?|public|running|extend\w*|new|"
                         r"joint) (?:a |an |its |the )?(?:[a-z]+ ){0,3}?consultation(?: paper| document)?|"
                         r"consult(?:s|ing) (?:on|the public|about)|is consulting|consultation (?:on|paper|document|"
                         r"runs|closes|period|is open|opens|will|draft|until)|seek(?:s|"
                         r"ing)? (?:[a-z]+ ){0,2}(?:views|comments|feedback|input|responses|opinions|submissions)"
         r"|invit(?:es?|ed|ing) (?:[a-z]+ ){0,4}?(?:comments?|views|feedback|responses|submissions|input|"
         r"stakeholders)|(?:comments?|responses|submissions|feedback|views) (?:are |is |can |may |must |should |"
         r"will )?(?:be )?(?:invited|sought|welcome\w*|due|submitted|sent|accepted|requested|by|until|close[sd]?)|"
         r"for (?:public )?comments?\b|requests? for (?:comments?|information|input)|public comments?|"
         r"comment period|calls? for (?:evidence|input|advice|comments)|exposure draft|discussion paper|"
         r"notice of proposed rule-?making|proposed rule\b|have your say"),
        ("!announced", r"(?:goes|moves|heads|proceeds|returns|sent|passes) (?:back )?to the "
                       r"(?:senate|house of|president for|governor|upper house|king|lords|national assembly)|approved in principle|agreed in principle|(?:transmitted|forwarded|transmits|forwards) to the (?:senate|president|house|council)|"
                       r"final draft|draft (?:regulatory |implementing )?technical standards?|(?:submitted|sent|transmitted|delivered)(?: [a-z]+){0,4} to the "
                       r"(?:european )?commission|(?:cabinet|government|council of ministers) (?:[a-z]+ ){0,2}(?:approved|adopted|endorsed|backed|agreed) (?:(?:to|the|a|an) )?"
                       r"(?:[a-z-]+ ){0,3}?(?:amendments?|changes?|plan|increase|reform|package|introduction|bill|amend|introduce|raise)|"
                       r"(?:house of representatives|house|lower house|chamber of deputies) (?:has )?pass(?:es|ed) (?:the |a )?(?:[a-z]+ ){0,3}bill|"
                       r"(?:will|is to|are to|expected to|due to) be (?:gazetted|published in the (?:official|gazette|federal)|laid before|put to a vote|"
                       r"enacted|passed|adopted by)|(?:first|second|lower) (?:chamber|reading)|not yet (?:been )?(?:adopted|approved|passed|law|in force|decided|final|enacted|published|"
                       r"agreed)|(?:subject to|awaits?|awaiting|pending|requires?|"
                       r"needs?) (?:the )?(?:[a-z']+ ){0,2}(?:approval|adoption|parliament\w*|assent|passage|"
                       r"scrutiny|vote|ratification|enactment)|(?:must|still|yet) (?:still )?(?:has |have |"
                       r"needs? )?(?:to )?be (?:[a-z]+ly )?(?:approved|adopted|passed|voted|agreed|enacted)|if (?:adopted|passed|"
                       r"approved|enacted|agreed)|once (?:adopted|approved|passed|enacted|agreed)|pending in|before parliament"
         r"|(?:adopt\w*|approv\w*(?: on [^.;\n]{4,24}?)?|agree\w*|publish\w*(?! for (?:public )?comment)|present\w*|unveil\w*|endors\w*|"
         r"back\w*) (?:[a-z']+ ){0,3}?(?:proposal|proposed|draft|negotiating|general approach|position|mandate|"
         r"plans?\b|bill\b(?! into))"),
        ("announced", r"propos(?:e[sd]?|als?|ing)|recommend(?:s|ed) (?:that|raising|reducing|lowering|to|an?|the|lower|higher)|plan(?:s|ned|ning)? (?:to|for|on|an?)|plans\b|intend(?:s|ed|"
                      r"ing)?\b|intention to|consider(?:s|ing)\b|(?:is|are|be|being) (?:considered|considering|"
                      r"planned|discussed|mulling|weighing|studying)|mull(?:s|ing)|would\b|could (?:rise|increase|"
                      r"be|become|see|fall)|may (?:soon )?(?:rise|raise|introduce)|draft (?:royal )?(?:law|act|bill|regulation|"
                      r"legislation|decree|rules?|amendment\w*|budget|directive|order|resolution|circular|finance)"
         r"|legislation [^.;\n]{0,60}?will be (?:introduced|tabled|presented)|tabl(?:es|ed) |(?:submit\w*|sent|introduc\w+|presented) (?:[a-z]+ ){0,4}?(?:in|to|into|"
         r"before) (?:the )?(?:[a-z]+ )?(?:parliament|house|senate|congress|bundestag|assembly|lawmakers|"
         r"legislature|duma|knesset|council|cabinet)|budget (?:speech|proposal|plan|statement)|aims? to|"
         r"seeks to (?:raise|introduce|amend|change)|(?:first|second|third) reading|(?:provisional|"
         r"political) agreement|green paper|white paper|roadmap|set to (?:rise|increase|raise|introduce|vote)|"
         r"announce[sd]? (?:plans?|that it (?:will|would|plans|intends)|an? intention|its intention)|envisag\w+|"
         r"expected to (?:be )?(?:adopt|pass|approv|rais|introduc|increas|vote)|in the pipeline|debat(?:es|ed|ing)"),
        ("?announced", r"bill\b|draft\b|announc\w+|will (?:soon )?(?:introduce|raise|increase|reduce|cut|lower|"
                       r"propose|require|publish)|is to (?:raise|introduce|cut|increase|be)"),
        ("?guidance", r"updat\w+ (?:its |the )?(?:guid\w+|list of questions|faq\w*)|statement|explain\w*|"
                      r"overview|information (?:note|sheet)|webinar|speech|report on"),
        ("guidance", r"guidelines?|guidance|q&as?|q & a|faqs?|frequently asked|clarif(?:y|ies|ied|ication|ying)|"
                     r"remind(?:s|er|ed)|reminder|interpretative (?:note|notice|letter)|supervisory statement|"
                     r"(?:finali[sz]e[sd]?|adopt(?:s|ed)|publish(?:es|ed)|issue[sd]?|approve[sd]?|release[sd]?) (?:(?:its|the|a|an|new|final|"
                     r"revised|joint|updated) ){0,3}(?:[a-z-]+ ){0,3}?(?:guid(?:elines?|ance)|opinion|recommendations?|q&as?|faqs?|guide)\b|advisory|advisories|red flags|typolog\w+|thematic review|what we expect|observations from|good practices?|best practices?|dear ceo|practice note|opinion on|explanatory note|"
                     r"guide (?:to|for|on)|recommendations? on|expectations? (?:on|for)|info(?:rmation)? sheet|"
                     r"factsheet|toolkit|handbook"),
        ("!adopted", r"signed (?:[a-z ]{0,30})?into law|royal assent|enact(?:s|ed)|promulgat(?:es|ed)|gazett(?:ed|"
                     r"es)|(?:published|publication|appeared) (?:today |yesterday |"
                     r"on [^.;]{1,30} )?in the (?:official|government|federal|eu|european|state) ?(?:journal|"
                     r"gazette|register|[a-z]+ gazette)|final rules?|became law|becomes law|is now law|"
                     r"passed into law|parliament (?:[a-z]+ )?(?:has |have )?(?:pass(?:es|ed)|adopt(?:s|ed)|"
                     r"approve[sd]|vote[sd] (?:for|in favou?r|to))|(?:adopted|passed|"
                     r"approved) by (?:the )?(?:[a-z]+ )?(?:parliament|senate|national assembly|bundestag|congress|"
                     r"house|legislature|knesset|dáil|diet|council and parliament)"
         r"|assented|ratified|pass(?:es|ed) (?:the |a |its )?(?:[a-z&-]+ ){0,4}?(?:act|bill|law|budget)|(?:law|act|"
         r"regulation|decree|order|rules?) (?:was |were |has been |have been |is |are )(?:[a-z]+ )?(?:adopted|"
         r"passed|approved|signed|enacted|published|issued|made)|has been amended|finali[sz]e[sd]"),
        ("adopted", r"adopt(?:s|ed|ion)\b|passed\b|approve[sd]\b|issue[sd] (?:a |an |the |its |new |revised |"
                    r"amended |updated )?(?:[a-z-]+ ){0,3}?(?:regulations?|rules?|circular|notice|order|directions?|"
                    r"decree|resolution|notification|instruction|directive|determination|decision|law)|(?:has|"
                    r"have) (?:made|issued|enhanced|revised|decided to (?:set|raise|reduce|cut|fix)|amended|set|fixed|raised|increased|reduced|lowered|cut|added|removed|"
                    r"designated|published (?:the |a )?(?:[a-z]+ )?(?:regulation|decree|order|law|circular|act|"
                    r"list))|were made|is (?:hereby )?amended|are (?:hereby )?amended|amends?\b|repeals?\b|"
                    r"is repealed|are repealed|was repealed(?! before)|designat(?:es|ed)|add(?:s|ed)\b|remov(?:es|ed)\b|"
                    r"updat(?:es|ed) (?:its |the |their )?(?:[a-z-]+ ){0,4}?lists?\b|delisted|list(?:s|ed) under|lays? down|abolish(?:es|ed)|cancel(?:s|led|ed)? the (?:cap|limit|ceiling|threshold|fee|restriction|requirement)|lift(?:s|ed) the (?:cap|limit|ceiling|threshold|restriction|ban)"),
        ("in_force", r"(?:enter(?:s|ed|ing)?|come(?:s)?|came|coming) (?:[a-z]+ )?into (?:force|effect|operation)|"
                     r"entry into force|in force|tak(?:es?|ing) effect|took effect|(?:is|are|become|becomes|became|"
                     r"be) (?:now )?(?:effective|applicable|mandatory)|effective (?:from|on|as of|date|immediately|"
                     r"january|february|march|april|may|june|july|august|september|october|november|december|\d)|appl(?:y|ies|ied) (?:from|as of|as from|since|with effect|on|now|immediately)|(?:is|are) now (?:set|fixed|capped|"
                     r"limited|prohibited|allowed|permitted|subject|obliged)|since \d{1,2} [a-z]+ \d{4}|(?:with|"
                     r"has|have) (?:immediate )?effect|as (?:of|from) \d|goes live|now (?:apply|applies|in force|"
                     r"required)|start(?:s|ed)? to apply|commences?\b|(?:rate|threshold|limit|cap)s? (?:rises|rose|falls|fell|increases|increased|"
                     r"drops|becomes|has been|have been) "),
        ("?in_force", r"(?:rate|threshold|limit|cap)s? (?:is|are) |shall (?:be|apply|have|not exceed)\b"),
    ),
    "es": (
        ("enforcement", r"(?:licencia|autorización|registro)(?: de [^.;\n]{1,40}?)? (?:ha sido |fue |es |"
                        r"queda )?(?:revocad|retirad|cancelad|suspendid)[oa]|revoc\w+ (?:la |su )?(?:licencia|"
                        r"autorización)|mult(?:a|ó|ado|ada)(?: con| de| a)|impon\w+ (?:una )?(?:multa|sanci\w+)|"
                        r"impuso (?:una )?(?:multa|sanci\w+)|sancion(?:a|ó|ad[oa]s?) a\b|sancionad[oa]s? con|"
                        r"advierte (?:sobre|de|contra) (?:entidad\w*|empresa\w*|fraude\w*)|no autorizad[oa]s"),
        ("skip", r"retiros?(?: de efectivo)?|retirada de efectivo|tras (?:la |una )?consulta|previa consulta|"
                 r"consulta de saldo"),
        ("withdrawn", r"retir(?:a|ó|ada|ado|an|aron) (?!de efectivo)|retirad[oa]|descart(?:a|ó|ado|ada|an)|"
                      r"desist\w+|no (?:entrará|entrarán) en vig\w+|no se (?:aplicará|aprobará|modificará|subirá|"
                      r"aumentará|introducirá|tramitará)|no (?:subirá|aumentará|habrá|seguirá adelante|prosperará)|"
                      r"anul(?:a|ó|ad[oa]s?|ación)|declar\w+ (?:nul[oa]|inconstitucional|inválid[oa])|"
                      r"inconstitucional\w*|inexequible|deja\w* sin efecto|derog\w+ antes de|"
                      r"antes de (?:que )?(?:entr\w+ en vigor|su entrada en vigor|aplicarse)|desmient\w+|desmint\w+|"
                      r"niega|negó|(?:es|son) fals[oa]s?|noticias? falsas?|información falsa|bulo|rumor\w*|"
                      r"nunca (?:existió|entró|ha existido|se aprobó|llegó)|no existe|no hay planes|"
                      r"no tiene previsto|rechaz(?:a|ó|ad[oa])|da marcha atrás"),
        ("postponed", r"inicialmente previst[oa]s? para|en lugar del? \d{1,2} de [a-z]+ de|aplaz(?:a|ó|ad[oa]s?|amiento|an|ar)|pospon\w+|pospuest[oa]|pospuso|suspend(?:e|ió|id[oa]) (?:provisionalmente )?(?:el|la|los) (?:decreto|resolución|norma|ley|cobro|aplicación)|posterg\w+|prórroga de(?:l plazo| la (?:entrada|fecha|aplicación))|"
                      r"prorrog\w+ (?:hasta [^.;\n]{4,40} )?(?:el plazo|la entrada|la fecha|la aplicación)|difier\w+|difiri\w+|diferid[oa]|retras(?:a|ó|ad[oa])|"
                      r"ampl[ií]\w* (?:[a-zñáéíóú]+ ){0,3}?(?:el|del) plazo(?: [a-z]+){0,3}? (?:de|para|previsto|en) (?:la |el )?(?:entrada|adapta\w+|"
                      r"aplicación|cumpl\w+|implement\w+|real decreto|ley|resolución|orden)"),
        ("consultation", r"consulta pública|audiencia pública|a consulta|abre (?:la |una )?consulta|"
                         r"periodo de consulta|período de consulta|trámite de audiencia|información pública|"
                         r"(?:remitir|enviar|presentar|formular|recibir) (?:[a-z]+ )?(?:comentarios|observaciones|"
                         r"alegaciones|opiniones|aportaciones)|comentarios hasta"),
        ("!announced", r"aún no|todavía no|pendiente de (?:aprobación|publicación|ratificación|su aprobación)|"
                       r"si (?:se aprueba|es aprobad[oa])|deberá ser (?:aprobad|ratificad|votad)|"
                       r"una vez aprobad[oa]|(?:aprueb\w+|aprob\w+|presenta\w*) (?:el |un |la |una )?(?:proyecto|"
                       r"anteproyecto|propuesta|iniciativa)"),
        ("announced", r"propon(?:e|en|ía|drá)|propuso|propuesta|planea\w*|prevé|tiene previsto|pretende\w*|"
                      r"estudia\w*|considera (?:subir|elevar|reducir|introducir)|anteproyecto|proyecto de (?:ley|"
                      r"real decreto|decreto|orden|reforma|presupuesto\w*|circular|resolución|norma)|"
                      r"iniciativa (?:de ley|con proyecto|de reforma)|plantea\w*|podría\w*|subiría|elevaría|"
                      r"reduciría|pasaría|remit\w+ (?:al|a las) (?:congreso|cortes|parlamento|senado)|"
                      r"anuncia que (?:subirá|elevará)|intención de"),
        ("?announced", r"anunci\w+|proyecto|subirá|elevará|reducirá|bajará"),
        ("guidance", r"guía|directrices|preguntas (?:y respuestas|frecuentes)|recuerda\w*|recordatorio|aclara\w*|"
                     r"criterio\w* interpretativ\w*|nota informativa|recomendacion\w*|orientacion\w*|"
                     r"comunicado informativo|instructivo"),
        ("!adopted", r"publicad[oa]s? (?:hoy |ayer )?en el (?:boe|boletín|diario|registro|dof|periódico)|"
                     r"publica\w* (?:hoy )?(?:en el (?:boe|boletín|diario)|la (?:ley|resolución|circular))|"
                     r"promulg\w+|sanciona la ley|(?:congreso|parlamento|senado|cortes|"
                     r"asamblea)(?: [a-z]+){0,2} (?:ha )?(?:aprueba|aprobó|aprobado)|aprobad[oa] por (?:el|"
                     r"la) (?:congreso|parlamento|senado|asamblea|cortes)|convalid\w+"),
        ("adopted", r"prorrog\w+|aprueba|aprobó|aprobad[oa]|ha aprobado|adopt(?:a|ó|ad[oa]|an)|emiti(?:ó|da|do)|emite|expid\w+|"
                    r"modifica(?:n)?|modificad[oa]|modificó|deroga(?:n)?|derogad[oa]|establece(?:n)?|fija(?:n)?|"
                    r"dict(?:a|ó|ad[oa])|eleva(?:n)? (?:el|la|los|las)|reduce(?:n)? (?:el|la|los|las)"),
        ("in_force", r"entr(?:a|ará|an|arán|ó|ada) en (?:vigor|vigencia)|en vigor|vigente|vigencia|surt\w+ efectos?|"
                     r"con efectos?|se aplica(?:rá|n|rán)?|será de aplicación|aplicable|a partir del|de inmediato|"
                     r"(?:pasa|queda|sube|baja)(?:n)? (?:del|al|en)"),
    ),
    "fr": (
        ("enforcement", r"(?:agrément|licence|autorisation|enregistrement)(?: (?:de|du) [^.;\n]{1,40}?)? (?:a été |"
                        r"est )?(?:retirée?|révoquée?|suspendue?)|retrait (?:d'|de l')?agrément|(?:retire|"
                        r"révoque) (?:l'|son |la )(?:agrément|licence|autorisation)|sanction(?:ne|né|"
                        r"née)?(?: pécuniaire| de| à l'encontre)|amendes?(?: de| à| administrative)|condamn\w+|"
                        r"prononc\w+ (?:une )?(?:sanction|amende)|met(?:tent)? en garde|mise en garde|blâme|non autorisés?"),
        ("skip", r"retraits? (?:d'espèces|de billets|en espèces)|après consultation|à l'issue de la consultation|"
                 r"suite à la consultation"),
        ("withdrawn", r"retir(?:e|ée?s?|ent|er)\b|abandonn(?:e|ée?s?|er|ent)|renonce\w*|n'entrer\w* pas en vigueur|"
                      r"ne (?:sera|seront|s'appliquer\w*|verra|passera|augmentera) (?:pas|plus)|n'aura pas lieu|"
                      r"annul(?:e|ée?s?|ation|ent)|invalid(?:e|ée?s?)|censur(?:e|ée?s?)|"
                      r"déclarée? (?:inconstitutionnel\w*|contraire à la constitution|nul\w*)|abrog\w+ avant|"
                      r"avant (?:son|leur|d'être|même) (?:entrée|application|appliqu\w+)|dément\w*|démenti|(?:est|"
                      r"sont) fau(?:x|sse)s?|fausses? (?:informations?|nouvelles?|rumeurs?)|rumeurs?|infox|"
                      r"n'a jamais|n'existe pas|n'est pas prévue?|aucun projet|rejet(?:te|ée?|tent)|fait marche arrière"),
        ("postponed", r"initialement prévue?s? (?:pour|le|au)|au lieu du \d{1,2}|report(?:e|ée?s?|er|ent)\b|report (?:de|du)|repouss(?:e|ée?s?|er)|différ(?:e|ée?s?|er)\b|"
                      r"ajourn\w+|suspend(?:u|ue)? (?:l'|le |la )(?:exécution|application|décret|arrêté)|décal(?:e|ée?s?|er)|prolong(?:e|ée?s?|ation) (?:de |la |"
                      r"du )*(?:période transitoire|délai|transition)|délai supplémentaire"),
        ("consultation", r"consultation publique|en consultation|(?:lance|ouvre|"
                         r"soumet)\w* (?:[a-zà-ü]+ ){0,4}?consultation|consultation (?:sur|ouverte|relative)|"
                         r"appel à (?:commentaires|contributions|observations)|(?:observations|commentaires|"
                         r"contributions|réponses) (?:sont attendu|peuvent être|doivent|avant|jusqu)|projet soumis"),
        ("!announced", r"pas encore|doit encore être|doivent encore être|sous réserve (?:de l'|de son |"
                       r"d')?(?:adoption|approbation)|en attente d'|si (?:elle|il|le texte) est adopté\w*|"
                       r"une fois adopté\w*|(?:adopte|approuve|présente|adopté|présenté) (?:le |un |son |"
                       r"en conseil des ministres le )?(?:projet|avant-projet|proposition)"),
        ("announced", r"propos(?:e|ée?s?|ent|er|ition)|projet(?:s)? (?:de (?:loi|décret|règlement|directive|budget|"
                      r"réforme|arrêté|texte)|d'arrêté|d'ordonnance)|envisag\w+|prévoit de|compte (?:augmenter|"
                      r"relever|porter|introduire)|souhaite|étudie|pourrait|pourraient|passerait|serait|"
                      r"serait porté|entrerait|première lecture|accord (?:politique|provisoire)|avant-projet|a l'intention"),
        ("?announced", r"annonc\w+|projet|augmentera|relèvera|va (?:augmenter|passer|relever)"),
        ("guidance", r"lignes directrices|orientations|foire aux questions|questions[- ]réponses|faq|rappel(?:le|s|"
                     r"lent)?\b|clarifi\w+|précis(?:e|ions)\b|guide|recommandations?|bonnes pratiques|"
                     r"position(?:-recommandation)?|notice explicative|note d'information|doctrine"),
        ("!adopted", r"publiée?s? (?:ce jour |aujourd'hui |hier |le [^.;]{1,24} )?au (?:journal officiel|jo\b|jorf|"
                     r"moniteur|mémorial|bulletin officiel)|promulgu\w+|définitivement adopté\w*|(?:parlement|"
                     r"assemblée nationale|sénat|chambre)(?: [a-z]+)? (?:a |ont )?(?:adopte|adopté|vote|voté)|"
                     r"adopté\w* par (?:le|la|l')\s?(?:parlement|assemblée|sénat|chambre)|voté\w*"),
        ("adopted", r"adopt(?:e|ée?s?|ent|ion)\b|approuv(?:e|ée?s?)\b|modifi(?:e|ée?s?|ant|ent)\b|abrog(?:e|ée?s?|"
                    r"eant)\b|fix(?:e|ée?s?|ant) |publi(?:e|ée?s?) (?:le |la |un |une )?(?:décret|arrêté|loi|"
                    r"règlement|circulaire)|institu(?:e|ée?s?|ant)|(?:a|ont) (?:pris|signé|édicté)|relève |porte (?:le|la) "),
        ("in_force", r"entr(?:e|era|eront|ée?|ent) en vigueur|en vigueur|s'appliqu\w+|applicables?|prend\w* effet|"
                     r"prenant effet|à compter du|à partir du|avec effet|effet immédiat|passe(?:nt)? (?:de|à)|"
                     r"est (?:fixé|porté|ramené|relevé)"),
    ),
    "de": (
        ("enforcement", r"(?:erlaubnis|zulassung|lizenz|registrierung)\w*(?: [^.;\n]{1,40}?)? (?:entzogen|"
                        r"widerrufen|aufgehoben)|(?:entzieht|widerruft)(?: [^.;\n]{1,50}?)? (?:erlaubnis|zulassung|"
                        r"lizenz)|bußgeld\w*|geldbuße\w*|verhängt\w* |zwangsgeld\w*|warnt vor|warnung vor|"
                        r"unerlaubt\w*|untersagt\w* (?:der|die|dem)|verwarn\w*|verurteilt|sonderbeauftragt\w*|"
                        r"ohne (?:die erforderliche )?erlaubnis|verfahren gegen (?:eine?n?|die|den|das)|schwer (?:gegen [^.;\n]{1,60} )?versto(?:ss|ß)en|"
                        r"gewinne? (?:[^.;\n]{1,40} )?ein(?:gezogen)?\b|schwere verstösse|schwere verstöße"),
        ("skip", r"nach (?:einer |der )?(?:öffentlichen )?konsultation|bargeldabhebung\w*|nach anhörung"),
        ("withdrawn", r"zurückgezogen|zieht .{0,60}?zurück|zurückgenommen|nimmt .{0,60}?zurück|rücknahme|verworfen|"
                      r"fallen ?gelassen|aufgegeben|vom tisch|gekippt|kippt|gestoppt|(?:tritt|treten|wird|werden|"
                      r"kommt|soll) (?:doch |nun )?nicht (?:in kraft|erhöht|angehoben|gesenkt|eingeführt|umgesetzt|"
                      r"weiterverfolgt|geändert|kommen|beschlossen)|nicht (?:mehr )?(?:geplant|weiterverfolgt|"
                      r"vorgesehen)|(?:keine|kein) (?:pläne|planung|erhöhung|vorhaben|absicht)\w*|für (?:nichtig|"
                      r"verfassungswidrig|ungültig|unwirksam) erklärt|nichtig|aufgehoben,? bevor|bevor (?:es|sie|er|"
                      r"das gesetz|die regelung) (?:in kraft|angewendet|wirksam|galt)|dementier\w+|bestreitet|"
                      r"falschmeldung\w*|falsche (?:meldung\w*|berichte|angaben)|gerücht\w*|(?:ist|sind) (?:falsch|"
                      r"unzutreffend|unwahr)|gab es nie|hat es nie gegeben|nie (?:existiert|gegeben|in kraft)|"
                      r"gibt es nicht|abgelehnt|lehnt .{0,50}?ab|gescheitert"),
        ("postponed", r"ursprünglich (?:geplant|vorgesehen)\w*|statt (?:wie geplant |bereits )?(?:am|zum|ab) (?:dem )?\d|verschoben|verschiebt|verschiebung|verschieben|vertagt|aufgeschoben|aufschub|"
                      r"hinausgeschoben|später als geplant|(?:frist|übergangsfrist|übergangsfristen|"
                      r"anwendungsbeginn)\w*(?: [^.;\n]{1,30}?)? verlängert|verläng\w+ (?:der|die) (?:übergangs|"
                      r"umsetzungs)?frist\w*|fristverlängerung|ausgesetzt"),
        ("consultation", r"konsultation\w*|konsultiert|(?:eröffnet|führt|startet|lanciert)(?: [^.;\n]{0,40}?)? (?:eine )?(?:anhörung|vernehmlassung)|"
                         r"vernehmlassung (?:zu|über|eröffnet|bis)|anhörung (?:zu[rm]?|eröffnet|bis)|zur diskussion|stellungnahmen? (?:bis|können|sind|werden|"
                         r"nimmt)|bittet um (?:stellungnahme|rückmeldung)\w*|öffentliche anhörung|verbändeanhörung|diskussionsentwurf|anhörungsentwurf"),
        ("!announced", r"noch nicht|(?:bedarf|bedürfen|steht|muss|müssen)(?: [^.;\n]{0,30}?)? (?:noch )?(?:der zustimmung|zustimmen|beschlossen werden|verabschiedet werden|ausstehend|aus\b)|vorbehaltlich|(?:beschließt|billigt|verabschiedet|beschloss|vorgelegt|legt)(?: [^.;\n]{0,30}?)? (?:entwurf|gesetzentwurf|vorschlag|eckpunkte)|(?:gesetzentwurf|entwurf|referentenentwurf)(?: [^.;\n]{0,50}?)? (?:beschlossen|gebilligt|vorgelegt|verabschiedet)"),
        ("announced", r"plant\b|planen\b|geplant\w*|beabsichtigt|vorschlag\w*|vorgeschlagen|schlägt .{0,50}?vor|soll(?:en)? (?:[^.;\n]{0,60}? )?(?:erhöht|gesenkt|steigen|sinken|angehoben|eingeführt|gelten|werden|geändert)|sollen?\b|sollte\b|würde\b|könnte\w*|erwägt|prüft\b|gesetzentwurf\w*|referentenentwurf\w*|regierungsentwurf\w*|kabinettsbeschluss|vorläufige einigung|erste lesung|koalitionsvertrag"),
        ("?announced", r"kündig\w+|ankündig\w+|entwurf\w*|will\b"),
        ("guidance", r"leitlinien?|merkblatt\w*|fragen und antworten|faq|q&a|hinweis\w*|auslegung\w*|erinnert|erinnerung|klarstell\w*|stellt klar|erläuter\w+|orientierungshilfe|aufsichtsmitteilung|anwendungshinweise|leitfaden|handreichung|empfehlung\w*"),
        ("!adopted", r"(?:im )?(?:bundesgesetzblatt|bgbl|amtsblatt)(?: [^.;\n]{1,30}?)? (?:veröffentlicht|verkündet)|verkündet|veröffentlicht im|(?:bundestag|bundesrat|parlament|nationalrat|landtag)(?: [^.;\n]{0,50}?)? (?:verabschiedet|beschlossen|beschließt|zugestimmt|stimmt|angenommen|billigt)|verabschiedet"),
        ("adopted", r"beschlossen|beschließt|angenommen|nimmt .{0,50}?an\b|erlassen|erlässt|gebilligt|unterzeichnet|geändert|ändert\b|aufgehoben|gesenkt|erhöht|angehoben|festgesetzt|festgelegt|legt .{0,50}?fest"),
        ("in_force", r"(?:tritt|treten|trat|traten|getreten)(?: [^.;\n]{0,60}?)? in kraft|in kraft|inkrafttreten|gilt (?:ab|seit|künftig|nun)|gelten (?:ab|seit|künftig|nun)|anzuwenden|anwendbar|mit wirkung (?:vom|zum|ab)|mit sofortiger wirkung|ab sofort|beträgt|wird (?:zum|ab|ab dem)|steigt\b|sinkt\b"),
    ),
    "pt": (
        ("enforcement", r"(?:licença|autorização|registro|registo)(?: (?:de|da|do) [^.;\n]{1,40}?)? (?:foi |é )?(?:revogad|cassad|cancelad|retirad|suspens)[oa]|(?:revoga|cassa|cancela|revogou) (?:a |o )?(?:licença|autorização|registro)|multa(?:do|da|dos|das|ou)?(?: de| em| a)|aplic\w+ (?:uma )?(?:multa|sanç\w+|penalidade\w*|coima)|coimas?\b|conden\w+|liquidação extrajudicial|alerta (?:sobre|para) (?:entidade\w*|empresa\w*|fraude\w*)|não autorizad[oa]s"),
        ("skip", r"saques?(?: em espécie)?|levantamentos?(?: em numerário)?|após (?:a )?consulta pública|consulta de saldo"),
        ("withdrawn", r"derrub\w+|(?:cancel|revog)\w+ (?:o |a |os |as |d[oa] )?(?:aumento|medida|reajuste|proposta|cobrança|tributação|elevação|majoração|taxação)|rejeit(?:a|ou) (?:o|a|os|as) (?:projeto|proposta|medida|aumento|mp|emenda)|perd(?:e|eu|em) (?:a )?(?:validade|eficácia|vigência)|caduc\w+|sust(?:a|ou|ad[oa])\b|"
                      r"(?:não|nunca) (?:chegou|chegaram|chegará) a|antes d[aeo] (?:sua |seu |ser )?(?:produzir|início|começ\w+|aplica\w+|vigência|vigorar|entra\w+)|retir(?:a|ou|ad[oa]s?|aram) |retirad[oa]s?|desist\w+|abandon(?:a|ou|ad[oa])|arquiv(?:a|ou|ad[oa])|descart(?:a|ou|ad[oa])|não (?:entrará|entrarão|entra) em vigor|não (?:será|serão) (?:aplicad|aprovad|aumentad|implementad|alterad|adotad|elevad|instituíd)\w*|não haverá|não vai (?:subir|aumentar|avançar)|recua\w*|anul(?:a|ou|ad[oa]s?|ação)|declar\w+ (?:a )?(?:nul[oa]|inconstitucional\w*|inválid[oa])|inconstitucional\w*|torn\w+ sem efeito|sem efeito|revog\w+ antes de|antes de (?:entrar em vigor|sua (?:entrada|vigência)|ser aplicad[oa]|começar)|desment\w+|nega(?:m)?\b|negou|(?:é|são) fals[oa]s?|notícias? falsas?|fake news|boatos?|nunca (?:existiu|entrou|foi)|não existe|não há (?:planos|previsão)|rejeit(?:a|ou|ad[oa])|vetad[oa]|vetou|veta\b"),
        ("postponed", r"inicialmente previst[oa]s? para|em vez de \d{1,2}[º°]? de [a-zç]+ de|adi(?:a|ou|ad[oa]s?|amento|am|ar)\b|posterg\w+|prorrog\w+ (?:(?:até|para) [^.;\n]{4,40} )?(?:d?[oa] (?:prazo|entrada|início|data|vigência))|suspend(?:e|eu|id[oa]) (?:[oa] |os |as )?(?:decreto|resolução|norma|lei|cobrança|aplicação)|difer(?:e|id[oa]|iu|imento)|amplia (?:o )?prazo|novo prazo"),
        ("consultation", r"consulta pública|em consulta|audiência pública|tomada de subsídios|(?:enviar|receber|recebe|encaminhar|apresentar) (?:[a-z]+ )?(?:contribuições|sugestões|comentários|manifestações)|contribuições (?:até|podem|serão)|edital de consulta"),
        ("!announced", r"ainda não|(?:depende|dependem|pendente) d[ea] (?:sanção|aprovação|votação|publicação)|aguarda (?:sanção|aprovação|votação)|se (?:aprovad[oa]|for aprovad[oa])|precisa(?:rá)? ser (?:aprovad|votad|sancionad)\w*|(?:aprov\w+|apresent\w+) (?:o |um |a |uma )?(?:projeto|proposta|anteprojeto)|segue para (?:o senado|a câmara|sanção)"),
        ("announced", r"prop(?:õe|ôs|or|osta|ostas)|projeto de (?:lei|decreto|resolução|emenda)|planeja\w*|pretende\w*|estuda\b|estudam|avalia (?:elevar|reduzir|aumentar)|prevê|poderá (?:subir|aumentar|ser)|poderia\w*|passaria|seria\b|elevaria|minuta|anteprojeto|intenção de|envi\w+ ao congresso|proposta de emenda|pec\b"),
        ("?announced", r"anunci\w+|projeto|vai (?:aumentar|elevar|reduzir)|elevará|aumentará|reduzirá"),
        ("guidance", r"guias?\b|orientaç(?:ão|ões)|perguntas (?:e respostas|frequentes)|lembra\b|relembra|esclarec\w+|alerta (?:os|as)|cartilha|manual|recomendaç\w+|nota (?:informativa|técnica)|entendimento|faq"),
        ("!adopted", r"publicad[oa]s? (?:hoje |ontem |nesta [a-zç-]+ )?no (?:diário oficial|dou\b|diário da república)|sancion(?:a|ou|ad[oa])|promulg\w+|(?:congresso|senado|câmara|parlamento|assembleia)(?: [a-z]+){0,2} (?:aprova|aprovou)|aprovad[oa] (?:pelo|pela) (?:congresso|senado|câmara|parlamento|assembleia|plenário)|convertida em lei"),
        ("adopted", r"aprov(?:a|ou|ad[oa]s?)\b|edit(?:a|ou|ad[oa])\b|adot(?:a|ou|ad[oa])\b|altera(?:m)?\b|alterou|alterad[oa]s?|revoga(?:m)?\b|revogou|revogad[oa]s?|estabelece(?:m|u)?\b|institui(?:u)?\b|fixa(?:m)?\b|fixou|regulament(?:a|ou)|public(?:a|ou) (?:a |o )?(?:lei|resolução|instrução|portaria|decreto|circular)|eleva(?:m)? (?:o|a)|reduz(?:em|iu)? (?:o|a)"),
        ("in_force", r"entr(?:a|ará|am|arão|ou|ada) em vigor|em vigor|vigora\w*|vigência|produz\w* efeitos?|com efeitos?|aplica-se|passa(?:m|rá|rão)? a (?:valer|vigorar|ser)|a partir de|imediat[oa]|imediatamente|passa (?:de|para)"),
    ),
    "zh": (
        ("enforcement", r"罚款|处罚|行政处罚|吊销|注销.{0,8}(?:许可证|牌照|业务许可)|警示函|责令改正|没收|通报批评|立案|违法违规|判处|谴责"),
        ("skip", r"征求意见后|发布会|新闻发布|取款|提现|退税"),
        ("withdrawn", r"撤回|撤销|取消(?:原定|上调|提高|加征|该计划|这一)|不再(?:实施|执行|推进|施行|征收|上调)|将不会?(?:实施|施行|生效|调整|提高|征收|上调|推出)|不会(?:实施|施行|生效|调整|提高|上调)|终止(?:制定|推进|审议)|叫停|搁置|放弃|辟谣|不实(?:消息|信息|报道)|谣言|虚假(?:消息|信息)|否认|从未(?:存在|出台|发布|实施)|不属实|并无(?:此|计划)|没有(?:计划|此|调整.{0,6}计划)|无效|废止前|(?:尚未|未及)(?:施行|实施|生效)(?:即|就|便)(?:被)?废止|未获通过|否决"),
        ("postponed", r"原定.{0,24}(?:改为|现)|推迟|延期|延后|暂缓|延迟|推后|延长.{0,10}(?:过渡期|期限|实施)|暂停(?:实施|施行|执行)"),
        ("consultation", r"征求意见稿|公开征求意见|征求(?:社会|公众|各方)?意见|公开征集|意见反馈|向社会公开征求"),
        ("!announced", r"尚未(?:通过|实施|生效|公布|施行|批准)|有待(?:批准|通过|审议)|待.{0,8}(?:批准|通过|审议)后|提请.{0,20}审议|(?:通过|审议|批准|发布|公布)[^。]{0,24}(?:草案|议案)|草案"),
        ("announced", r"拟(?!定)|计划(?!生育)|研究(?:制定|调整|起草|推出)|考虑|建议(?:将|提高|降低|调整)|提出|有望|或将|酝酿|正在(?:起草|研究|制定)|将(?:研究|适时|择机)|提案|打算"),
        ("?announced", r"宣布|将(?:提高|降低|调整|上调|下调)"),
        ("guidance", r"指引|指南|解读|问答|答记者问|提示|提醒|口径|释义|操作手册|解答|温馨提示"),
        ("!adopted", r"(?:表决|审议|会议|会)通过|已经?(?:通过|公布|发布|印发)|现予(?:公布|发布)|现公布|正式(?:发布|公布|出台|印发)|签署.{0,10}(?:主席令|国务院令)|主席令"),
        ("adopted", r"印发|发布|公布|出台|颁布|修订|修改|废止|调整为|规定|现将|通知如下|公告如下|批准"),
        ("in_force", r"施行|生效|起(?:执行|实施|适用|征收|调整)|正式实施|开始(?:执行|实施)|即日起|立即|自.{2,14}起|调整为|提高到|提高至|降至|降为"),
    ),
    "id": (
        ("enforcement", r"mencabut izin|pencabutan izin|izin(?: usaha)? .{0,40}?dicabut|(?:dikenakan|dijatuhi|mengenakan|menjatuhkan) (?:sanksi|denda)|sanksi administratif|denda (?:sebesar|kepada)|divonis|peringatan tertulis|ilegal\b"),
        ("skip", r"penarikan tunai|tarik tunai|setelah konsultasi"),
        ("withdrawn", r"(?:me)?(?:narik|ncabut) (?:kembali |rencana|usulan|rancangan)|ditarik(?: kembali)?|dibatalkan|membatalkan|pembatalan|batal\b|tidak jadi|tidak akan (?:naik|dinaikkan|diberlakukan|diterapkan|berlaku|menaikkan|dilanjutkan|ada)|tidak (?:ada|memiliki) rencana|membantah|dibantah|bantah\b|hoaks|hoax|tidak benar|berita bohong|kabar bohong|isu\b|tidak pernah (?:ada|berlaku|diterbitkan|diputuskan)|ditolak|dinyatakan (?:tidak sah|inkonstitusional|bertentangan)|dicabut sebelum|sebelum (?:sempat )?berlaku"),
        ("postponed", r"semula (?:dijadwalkan|direncanakan)|ditunda|penundaan|menunda|tunda\b|ditangguhkan|menangguhkan|diundur|mengundur|diperpanjang (?:masa|hingga|sampai)|perpanjangan (?:masa transisi|waktu|batas waktu)|mundur (?:ke|menjadi)"),
        ("consultation", r"konsultasi publik|meminta (?:masukan|tanggapan)|menerima masukan|uji publik|tanggapan (?:masyarakat|publik)|masukan (?:dari|atas|paling)|rancangan .{0,50}? (?:untuk )?(?:dimintakan|dikonsultasikan)|permintaan tanggapan"),
        ("!announced", r"belum (?:disahkan|berlaku|diterbitkan|final|disetujui|diputuskan)|menunggu (?:persetujuan|pengesahan)|jika (?:disetujui|disahkan)|masih (?:dibahas|menunggu)"),
        ("announced", r"mengusulkan|usulan|diusulkan|berencana|rencana(?:nya)?|merencanakan|mempertimbangkan|mengkaji|wacana|rancangan (?:undang-undang|peraturan|uu|pojk)|ruu\b|rpojk|akan (?:dinaikkan|menaikkan|menerapkan|diterapkan|menerbitkan|diubah)|tengah (?:menyusun|menyiapkan)|menyiapkan aturan|akan mengajukan"),
        ("?announced", r"mengumumkan|akan\b"),
        ("guidance", r"pedoman|panduan|tanya jawab|faq|mengingatkan|imbau\w*|menegaskan|penjelasan|klarifikasi|petunjuk teknis|sosialisasi"),
        ("!adopted", r"diundangkan|disahkan(?: menjadi)?|mengesahkan|dpr (?:telah )?(?:menyetujui|mengesahkan)|ditandatangani|resmi (?:menerbitkan|diterbitkan|berlaku|terbit)"),
        ("adopted", r"menerbitkan|diterbitkan|menetapkan|ditetapkan|mengubah|diubah|mencabut|terbit\b|telah (?:menerbitkan|menetapkan|mengeluarkan)|mengeluarkan (?:peraturan|surat edaran)|perubahan atas"),
        ("in_force", r"mulai berlaku|berlaku (?:efektif|mulai|sejak|pada|surut)|diberlakukan|mulai (?:tanggal |diterapkan)|efektif (?:per|sejak|mulai)|naik (?:dari|menjadi)|turun (?:dari|menjadi)|menjadi \d|dengan segera"),
    ),
    "vi": (
        ("enforcement", r"xử phạt|phạt tiền|bị phạt|thu hồi giấy phép|rút giấy phép|đình chỉ hoạt động|khởi tố|cảnh báo (?:lừa đảo|về)|truy tố|vi phạm hành chính"),
        ("skip", r"rút tiền|sau khi lấy ý kiến"),
        ("withdrawn", r"rút (?:lại|đề xuất|dự thảo|khỏi)|hủy bỏ|huỷ bỏ|bãi bỏ trước|sẽ không (?:tăng|áp dụng|ban hành|có hiệu lực|thực hiện|giảm|điều chỉnh)|không (?:tăng|còn) (?:thuế|kế hoạch)|không có kế hoạch|chưa có kế hoạch|không có chủ trương|bác bỏ|tin (?:giả|đồn|sai)|thông tin (?:sai sự thật|không chính xác|giả|thất thiệt)|không đúng sự thật|chưa từng (?:có|tồn tại|ban hành)|trước khi (?:có hiệu lực|được áp dụng)|dừng (?:áp dụng|thực hiện|đề xuất)|vô hiệu|không thông qua"),
        ("postponed", r"thay vì (?:từ )?(?:ngày )?\d{1,2}[/ ]|hoãn|lùi (?:thời|ngày|việc)|lùi\b|gia hạn (?:thời|ngày|việc)|tạm dừng|tạm hoãn|dời (?:ngày|thời)|kéo dài thời hạn"),
        ("consultation", r"lấy ý kiến|xin ý kiến|góp ý|dự thảo .{0,60}?(?:lấy ý kiến|góp ý)|tham vấn"),
        ("!announced", r"chưa (?:được )?(?:thông qua|ban hành|có hiệu lực|phê duyệt)|nếu được (?:thông qua|chấp thuận)|trình (?:quốc hội|chính phủ)|chờ (?:phê duyệt|thông qua)"),
        ("announced", r"đề xuất|đề nghị|dự kiến|dự thảo|dự luật|dự án luật|kế hoạch|xem xét|nghiên cứu (?:sửa|tăng|giảm)|kiến nghị|có thể (?:tăng|giảm)|đang (?:soạn thảo|xây dựng|nghiên cứu)"),
        ("?announced", r"thông báo|sẽ (?:tăng|giảm|trình)"),
        ("guidance", r"hướng dẫn|hỏi đáp|hỏi - đáp|giải đáp|lưu ý|nhắc nhở|khuyến cáo|sổ tay|trả lời"),
        ("!adopted", r"(?:đã )?(?:được )?quốc hội (?:đã )?(?:thông qua|biểu quyết)|thông qua|ký ban hành|đã ban hành|vừa ban hành|chính thức ban hành|được ban hành"),
        ("adopted", r"ban hành|sửa đổi, bổ sung|sửa đổi|bổ sung|quy định|phê duyệt|bãi bỏ|thay thế"),
        ("in_force", r"có hiệu lực|hiệu lực thi hành|áp dụng từ|kể từ ngày|từ ngày|thực hiện từ|chính thức áp dụng|giảm từ|tăng từ|giảm còn"),
    ),
    "it": (
        ("enforcement", r"revoc\w+ (?:l'|dell')?autorizzazione|multa\w*|sanzion(?:a|e|ato|ata|i) (?:di|a|per|amministrativ\w+|pecuniari\w+)|irrog\w+"),
        ("withdrawn", r"ritirat[oa]|ritira\b|abbandonat[oa]|annullat[oa]|annulla\b|non entrerà in vigore|non (?:sarà|verrà) (?:applicat|introdott|aumentat)\w*|smentisc\w+|smentit\w+|(?:è|sono) fals[oaie]|bufala|mai (?:esistit|entrat|approvat)\w*|incostituzional\w+|respint[oa]"),
        ("postponed", r"inizialmente previst[oa]|rinviat[oa]|rinvio|rinvia\b|prorog\w+ (?:del |il |dei |i )?(?:termin\w+|entrata)|posticip\w+|slitta\w*|differit[oa]"),
        ("consultation", r"consultazione(?: pubblica)?|in consultazione|osservazioni entro"),
        ("!announced", r"non ancora|in attesa di|se approvat[oa]"),
        ("announced", r"propon\w+|propost[ao]|disegno di legge|ddl|prevede di|intende|potrebbe|bozza|schema di decreto"),
        ("guidance", r"linee guida|orientamenti|faq|chiarimenti|ricorda\b|circolare esplicativa|guida"),
        ("!adopted", r"pubblicat[oa] (?:[a-z]+ )?(?:in|sulla) gazzetta|approvat[oa] (?:in via )?definitiv\w+|(?:camera|senato|parlamento) (?:ha )?approva\w*"),
        ("adopted", r"approvat[oa]|approva\b|adottat[oa]|adotta\b|modifica\b|emanat[oa]|stabilisce|abrogat[oa]"),
        ("in_force", r"entr\w+ in vigore|in vigore|a decorrere|si applica\w*|a partire dal|passa dal|con effetto"),
    ),
    "nl": (
        ("enforcement", r"boete\w*|beboet|vergunning .{0,40}?ingetrokken|trekt .{0,40}?vergunning|last onder dwangsom|waarschuwt"),
        ("withdrawn", r"ingetrokken|trekt .{0,50}?in\b|van de baan|geschrapt|gaat niet door|(?:wordt|worden|treedt) niet (?:verhoogd|ingevoerd|in werking)|ontken\w+|onjuist\w*|nepnieuws|vernietigd|verworpen"),
        ("postponed", r"uitgesteld|uitstel|verschoven|stelt .{0,50}?uit"),
        ("consultation", r"consultatie|internetconsultatie|reacties"),
        ("!announced", r"nog niet|onder voorbehoud|moet nog"),
        ("announced", r"wetsvoorstel|voorstel\w*|stelt voor|wil\b|plan(?:nen|t)?\b|overweegt|zou(?:den)?\b|concept\w*"),
        ("guidance", r"richtsnoeren|leidraad|veelgestelde vragen|q&a|herinner\w+|verduidelijk\w+|handreiking"),
        ("!adopted", r"(?:in het )?staatsblad|(?:tweede|eerste) kamer (?:[a-z]+ )?(?:neemt|nam|heeft)|aangenomen"),
        ("adopted", r"vastgesteld|goedgekeurd|gewijzigd|wijzigt|besluit"),
        ("in_force", r"treedt .{0,30}?in werking|in werking|van kracht|geldt vanaf|gelden vanaf|met ingang van|vanaf|per \d"),
    ),
    "pl": (
        ("enforcement", r"kar(?:ę|y|a) (?:pieniężn\w+|finansow\w+|w wysokości)|cofn\w+ zezwoleni\w+|nałoży\w+|ukaran\w+"),
        ("withdrawn", r"wycofa\w+|wycofuj\w+|nie wejdzie w życie|nie (?:zostanie|będzie) (?:podwyższon|wprowadzon)\w*|dementuj\w+|zaprzecz\w+|nieprawd\w+|uchylon\w+ przed|niezgodn\w+ z konstytucją|odrzuc\w+"),
        ("postponed", r"przesun\w+|odrocz\w+|przełoż\w+|wydłuż\w+ termin\w*"),
        ("consultation", r"konsultacj\w+|uwagi (?:można|do)"),
        ("!announced", r"jeszcze nie|po uchwaleniu|jeśli ustawa"),
        ("announced", r"propon\w+|propozycj\w+|projekt\w*|planuj\w+|zamierza|rozważa"),
        ("guidance", r"wytyczn\w+|objaśnieni\w+|pytania i odpowiedzi|przypomina|stanowisko|wyjaśnieni\w+"),
        ("!adopted", r"(?:w )?dzienniku ustaw|sejm (?:uchwalił|przyjął)|uchwalon\w+|prezydent podpisał"),
        ("adopted", r"przyjęt\w+|wydan\w+|zmieni\w+|zmienia|ustal\w+"),
        ("in_force", r"wchodz\w+ w życie|wejdzie w życie|wszedł w życie|weszł\w+ w życie|obowiązuj\w+|od dnia|od \d"),
    ),
}  # fmt: skip
