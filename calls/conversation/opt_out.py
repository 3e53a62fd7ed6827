"""Whether the person asks never to be called again. A rule of law, so it is code and asks no model.

Phrases are matched on folded text (lower case, no accents, no punctuation). Each is a request about calls, numbers or
lists; asking for another time ("no me llame ahora", "call me later") is none.
"""

import re
import unicodedata

from calls.conversation.heard import OPT_OUT_KEY, key_press

AGAIN = r"(?:mas|nunca(?: mas)?|otra vez|jamas|de nuevo)"
CALL = r"(?:llam(?:en?|es|ar)|telefone(?:en?|es)|contact(?:en?|es|ar)|molest(?:en?|es|ar))"
NUMBER = r"(?:(?:mis?|este|el) )?(?:numero|telefono|datos)"
LIST = r"(?:(?:la|las|su|sus|esa|esta|vuestra) )?(?:listas?|bases? de datos|registros?|fichero)"
ERASE = r"(?:borr[ea]n?|borrar|elimin[ea]n?|eliminar|quit[ea]n?|quitar|saquen?|sacar|tachen?)"
OTHER_TIME = r"(?! (?:ahora|hoy|manana|tan|luego|a (?:esta|estas|esa|esas)|por la|los|el|en|antes|despues|hasta))"

SPANISH = [
    rf"no (?:me|nos) (?:vuelvan?|vuelvas) a {CALL}",
    rf"no (?:quiero|deseo|queremos) que (?:me|nos) (?:vuelvan?|vuelvas) a {CALL}",
    rf"no (?:me|nos) {CALL} (?:por favor )?{AGAIN}",
    rf"no {CALL} (?:mas|nunca)",
    rf"no (?:quiero|deseo|queremos) que (?:me|nos) {CALL}{OTHER_TIME}",
    r"no (?:quiero|deseo|queremos) (?:recibir )?(?:mas|sus|estas|este tipo de) llamadas",
    r"no (?:quiero|deseo|queremos) recibir llamadas",
    r"(?:dejen|deje|deja|dejad) de (?:llamar|molestar|telefonear)(?:me|nos)?",
    rf"{ERASE}(?:me|nos)? (?:ya )?(?:de |del )?(?:{LIST}|{NUMBER})",
    rf"(?:me|nos) {ERASE} de {LIST}",
    r"(?:me|nos) (?:den|de) de baja",
    r"(?:darme|darnos|deme|denme|dame|den me) de baja",
    r"lista robinson",
]

CALL_EN = r"(?:call(?:ing)?|phon(?:e|ing)|ring(?:ing)?|contact(?:ing)?|bother(?:ing)?)"
NOT = r"(?:do not|dont|don t|never)"
LIST_EN = r"(?:(?:your|the|this|that|any) )?(?:(?:call(?:ing)?|contact|phone|mailing) )?(?:lists?|database|records?)"
OTHER_TIME_EN = r"(?! (?:now|today|tomorrow|at|this|so|in|on|before|after|until|while|during|when))"

ENGLISH = [
    rf"(?:stop|quit|cease) {CALL_EN}",
    rf"{NOT} (?:ever )?{CALL_EN} (?:(?:me|us|here|this number) )?(?:again|any ?more|ever)",
    rf"{NOT} (?:ever )?{CALL_EN} this number",
    rf"(?:take|remove|delete|erase|drop|get) (?:me|us|my \w+|this number) (?:off|from|out of|of) {LIST_EN}",
    r"(?:remove|delete|erase) my (?:number|phone number|details|data)",
    r"(?:put|add|place) (?:me|us|my number|this number) (?:on|to) (?:your|the) do not call",
    r"unsubscribe (?:me|us|my number)",
    rf"{NOT} want (?:(?:any|more|to receive|to get|these|your) )+calls",
    rf"{NOT} want (?:you|anyone) to {CALL_EN} (?:me|us|here){OTHER_TIME_EN}",
    r"opt (?:me )?out",
]
PATTERN = re.compile(r"\b(?:" + "|".join(SPANISH + ENGLISH) + r")\b")
WHOLE = re.compile(
    rf"(?:por favor )?no (?:me|nos) {CALL}(?: por favor)?|(?:please )?{NOT} {CALL_EN} (?:me|us)(?: please)?"
)
"""Requests that count only when nothing else is said with them: "no me llame" alone, not "no me llame a las tres"."""


def asks_to_opt_out(words: str) -> bool:
    folded = fold(words)
    return bool(PATTERN.search(folded) or WHOLE.fullmatch(folded))


def refuses_calls(heard: str) -> bool:
    """By what was said, or by the key that the opening offers."""
    return heard == key_press(OPT_OUT_KEY) or asks_to_opt_out(heard)


def fold(words: str) -> str:
    """Lower case without accents, apostrophes or punctuation, one space between words."""
    decomposed = unicodedata.normalize("NFD", words.lower().replace("'", "").replace("’", ""))
    letters = "".join(character for character in decomposed if not unicodedata.combining(character))
    return re.sub(r"[^a-z0-9]+", " ", letters).strip()
