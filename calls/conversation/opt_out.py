"""Whether the person asks never to be called again. A rule of law, so it is code and asks no model.

Phrases are matched on folded text (lower case, no accents, no punctuation). Each is a request about calls, numbers or
lists; asking for another time ("no me llame ahora", "call me later") is none.
"""

import re
import unicodedata

from calls.conversation.heard import OPT_OUT_KEY, key_press

AGAIN = r"(?:mas|nunca(?: mas)?|otra vez|jamas|de nuevo)"
CALL = r"(?:(?:llam|telefone)(?:en?|es|eis|ar)|(?:marqu|molest|contact)(?:en?|es|eis)|(?:marc|molest|contact)ar)"
CALLING = r"(?:llamando|marcando|molestando|telefoneando)"
ONE_CALLING = r"(?:(?:usted|ustedes|vosotros|nadie) )?"
GO_BACK = r"(?:vuelv(?:an?|as)|volvais) a"
COME_BACK = r"(?:vuelv(?:en?|es|an?|as)|volveis|volvais)"
GO_ON = r"(?:sigan?|sigas|sigais|esten?|estes|esteis)"
WISH = r"no (?:quiero|deseo|queremos)"
NUMBER = r"(?:(?:mis?|este|el) )?(?:numero|telefono|datos)"
LIST = r"(?:(?:la|las|su|sus|esa|esta|vuestra|vuestras) )?(?:listas?|bases? de datos|registros?|fichero)"
ERASE = (
    r"(?:borr(?:[ea]n?|ad?|eis|ar)|elimin(?:[ea]n?|ad?|eis|ar)|quit(?:[ea]n?|ad?|eis|ar)"
    r"|saquen?|saqueis|sacad?|sacar|tach(?:[ea]n?|ad?|eis|ar))"
)
TO_CALL = r"(?:llamar|marcar|molestar|contactar|telefonear)"
TO_YOU = r"(?:(?:les|le|os|te) )?"
CONSENT = r"(?:consentimiento|autorizacion|permiso)"
REPORT = r"(?:denunci|report|demand)\w*"
OTHER_TIME = r"(?! (?:ahora|hoy|manana|tan|luego|a (?:esta|estas|esa|esas)|por la|los|el|en|antes|despues|hasta))"

SPANISH = [
    rf"no (?:me|nos) {GO_BACK} {CALL}{OTHER_TIME}",
    rf"no {GO_BACK} {CALL}(?:me|nos){OTHER_TIME}",
    rf"{WISH} que (?:me|nos) {GO_BACK} {CALL}{OTHER_TIME}",
    rf"{WISH} que {GO_BACK} {CALL}(?:me|nos){OTHER_TIME}",
    rf"no (?:me|nos) {CALL} {ONE_CALLING}(?:por favor )?{AGAIN}",
    rf"no (?:me|nos) {GO_ON} {CALLING}",
    rf"no {CALL} {ONE_CALLING}(?:mas|nunca)",
    rf"ya no (?:me|nos) {CALL}{OTHER_TIME}",
    rf"{WISH} que (?:me|nos) {CALL}{OTHER_TIME}",
    rf"{WISH} (?:volver a )?(?:recibir )?(?:mas|sus|estas|este tipo de) llamadas",
    rf"{WISH} (?:volver a )?recibir llamadas",
    r"(?:dejen|deje|deja|dejad|dejeis) de (?:llamar|molestar|telefonear|marcar)(?:me|nos)?",
    r"(?:dejen|deje|deja|dejad)(?:me|nos) (?:ya )?(?:en paz|tranquil[oa]s?)",
    rf"{ERASE}(?:me|nos)? (?:ya )?(?:de |del )?(?:{LIST}|{NUMBER})",
    rf"(?:me|nos) {ERASE} de {LIST}",
    r"(?:me|nos) (?:den|de|des|deis) de baja",
    r"(?:darme|darnos|deme|denme|dame|dadme|dadnos|den me) de baja",
    rf"no volver a {TO_CALL}(?:me|nos)?{OTHER_TIME}",
    rf"no {GO_BACK} {CALL} {ONE_CALLING}{AGAIN}",
    rf"(?:como|si) (?:me|nos) {COME_BACK} a {CALL} .{{0,40}}{REPORT}",
    rf"{REPORT}.{{0,60}} (?:si|como) (?:me|nos) {COME_BACK} a {CALL}",
    r"no (?:me|nos) (?:vuelv(?:an?|as)|volvais) a hablar(?! (?:asi|de|con|en))",
    rf"(?:dejen?|dejad|dejeis) de estar {CALLING}",
    r"(?:dejen?|dejad|dejeis) de (?:estar )?(?:dar|dando) (?:la )?(?:lata|guerra|brasa)",
    r"(?:den?|des|deis|dad|dar) de baja (?:mis?|este|el) (?:numero|telefono|datos)",
    rf"no {TO_YOU}(?:doy|dimos|he dado|di) (?:mi |ningun |ninguna )?{CONSENT}",
    rf"no {TO_YOU}(?:autorizo|autorizamos|consiento) (?:a )?que (?:(?:me|nos) )?(?:{CALL}|(?:us|utilic)[ae]\w*|tengan)",
    rf"(?:retiro|revoco|retiramos|revocamos) (?:(?:mi|el|la|nuestro|nuestra) )?{CONSENT}",
    r"lista robinson|repep|(?:en el|al) reus",
]

CALL_EN = r"(?:call(?:ing)?|phon(?:e|ing)|ring(?:ing)?|contact(?:ing)?|bother(?:ing)?)"
REPORT_EN = r"(?:report|sue|complain)\w*"
NOT = r"(?:do not|dont|don t|never)"
LIST_EN = r"(?:(?:your|the|this|that|any) )?(?:(?:call(?:ing)?|contact|phone|mailing) )?(?:lists?|database|records?)"
OTHER_TIME_EN = r"(?! (?:now|today|tomorrow|at|this|so|in|on|before|after|until|while|during|when))"

ENGLISH = [
    rf"(?:stop|quit|cease) {CALL_EN}",
    rf"{NOT} (?:ever )?{CALL_EN} (?:(?:me|us|here|this number) )?(?:again|any ?more|ever)",
    rf"{NOT} (?:ever )?{CALL_EN} this number",
    rf"{NOT} ever {CALL_EN} (?:(?:me|us) )?back{OTHER_TIME_EN}",
    rf"(?:take|remove|delete|erase|drop|get) (?:me|us|my \w+|this number) (?:off|from|out of|of) {LIST_EN}",
    rf"(?:taken|removed|deleted|dropped) (?:off|from) {LIST_EN}",
    r"(?:remove|delete|erase|lose) (?:my|this) (?:number|phone number|details|data)",
    r"(?:put|add|place) (?:me|us|my number|this number) (?:on|to) (?:your|the) do not call",
    r"unsubscribe (?:me|us|my number)",
    rf"{NOT} want (?:(?:any|more|to receive|to get|these|your) )+calls",
    rf"{NOT} want (?:you|anyone) to {CALL_EN} (?:me|us|here){OTHER_TIME_EN}",
    r"opt (?:me )?out",
    r"leave (?:me|us) alone",
    rf"(?:(?:you )?not|never) calling (?:me|us|here|this number){OTHER_TIME_EN}",
    rf"(?:didnt|wouldnt) {CALL_EN} (?:me|us|here|this number) (?:again|any ?more|ever)",
    rf"you (?:cant|cannot|can not|may not) {CALL_EN} (?:me|us|here|this number){OTHER_TIME_EN}",
    rf"(?:not|arent|isnt) allowed to {CALL_EN} (?:me|us|here|this number){OTHER_TIME_EN}",
    rf"if you (?:ever )?{CALL_EN} (?:(?:me|us|here|this number) )?again .{{0,40}}{REPORT_EN}",
    rf"{REPORT_EN} .{{0,40}}if you (?:ever )?{CALL_EN} (?:(?:me|us|here|this number) )?again",
    r"on (?:the|your|a) (?:national )?(?:do not call|dnc) (?:list|registry|register)",
    r"telephone preference service",
    r"(?:withdraw|revoke) (?:my|our) (?:consent|permission)",
    r"(?:do not|dont|don t|never) (?:give|gave) (?:you )?(?:my )?(?:consent|permission)",
]
PATTERN = re.compile(r"\b(?:" + "|".join(SPANISH + ENGLISH) + r")\b")
LAST = re.compile(
    rf"\bno (?:(?:me|nos) )?{CALL}(?: nadie)?(?: por favor)?$"
    rf"|\b{NOT} {CALL_EN}(?: me| us)?(?: please)?$"
    rf"|^(?:please )?remove (?:me|us)(?: please)?$"
    rf"|\bno {GO_BACK} {CALL}(?: por favor)?$"
    r"|\bya no (?:me|nos) (?:hablen?|busquen?)(?: por favor)?$"
)
"""Requests that count only when nothing follows: "no me llame" at the end, not "no me llame a las tres"."""
WITHOUT_TIME = re.compile(
    rf"\bque no (?:me|nos) {CALL}\b(?! al?\b)"
    rf"|(?<!por que )\bno (?:me|nos) (?:pueden?|puedes|podeis|deben?|debeis) (?:volver a )?{TO_CALL}(?! al?\b)"
)
"""Requests wherever they stand, unless a time or a place of work is named with them."""
TIME = re.compile(
    r"\b(?:ahora|hoy|manana|mananas|tarde|tardes|noche|noches|luego|antes|despues|hasta|lunes|martes|miercoles|jueves"
    r"|viernes|sabados?|domingos?|las \w+|now|today|tomorrow|morning|afternoon|evening|before|after|until|back)\b"
)
"""With one of these the words may be about when to call: "por las tardes no me llame"."""


def asks_to_opt_out(words: str) -> bool:
    folded = fold(words)
    if PATTERN.search(folded):
        return True
    return not TIME.search(folded) and bool(LAST.search(folded) or WITHOUT_TIME.search(folded))


def refuses_calls(heard: str) -> bool:
    """By what was said, or by the key that the opening offers."""
    return heard == key_press(OPT_OUT_KEY) or asks_to_opt_out(heard)


def fold(words: str) -> str:
    """Lower case without accents, apostrophes or punctuation, one space between words."""
    decomposed = unicodedata.normalize("NFD", words.lower().replace("'", "").replace("’", ""))
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9]+", " ", letters).strip()
