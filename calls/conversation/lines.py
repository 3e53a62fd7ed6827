"""Sentences that no model has a say in, in the language of the call. They are spoken, never shown."""

from enum import StrEnum


class Line(StrEnum):
    KEY_HINT = "key_hint"
    RECORDING_NOTICE = "recording_notice"
    ONE_MOMENT = "one_moment"
    STILL_THERE = "still_there"
    CUT_OFF = "cut_off"
    NOBODY_THERE = "nobody_there"
    OPTED_OUT = "opted_out"
    NOT_UNDERSTOOD = "not_understood"
    IS_MACHINE = "is_machine"
    TROUBLE = "trouble"
    FAREWELL = "farewell"


SPANISH = {
    Line.KEY_HINT: "Si no desea recibir más llamadas, pulse nueve.",
    Line.RECORDING_NOTICE: "Esta llamada se graba.",
    Line.ONE_MOMENT: "Un momento, por favor. ",
    Line.STILL_THERE: "¿Sigue ahí?",
    Line.CUT_OFF: "Perdone, se ha cortado un momento. ¿Me decía?",
    Line.NOBODY_THERE: "Parece que no me oye. Le llamaremos en otro momento. Adiós.",
    Line.OPTED_OUT: "De acuerdo, no volveremos a llamarle. Disculpe las molestias. Adiós.",
    Line.NOT_UNDERSTOOD: "Perdone, no le he entendido bien. ¿Me lo puede repetir?",
    Line.IS_MACHINE: "Le habla un asistente virtual, una máquina. ¿Seguimos?",
    Line.TROUBLE: "Disculpe, tenemos un problema técnico. Le llamaremos en otro momento. Adiós.",
    Line.FAREWELL: "Gracias por su tiempo. Adiós.",
}
ENGLISH = {
    Line.KEY_HINT: "If you do not want to be called again, press nine.",
    Line.RECORDING_NOTICE: "This call is recorded.",
    Line.ONE_MOMENT: "One moment, please. ",
    Line.STILL_THERE: "Are you still there?",
    Line.CUT_OFF: "Sorry, the line broke up for a moment. You were saying?",
    Line.NOBODY_THERE: "It seems you cannot hear me. We will call another time. Goodbye.",
    Line.OPTED_OUT: "All right, we will not call you again. Sorry for the trouble. Goodbye.",
    Line.NOT_UNDERSTOOD: "Sorry, I did not get that. Could you say it again?",
    Line.IS_MACHINE: "You are talking to a virtual assistant, a machine. Shall we go on?",
    Line.TROUBLE: "Sorry, we have a technical problem. We will call another time. Goodbye.",
    Line.FAREWELL: "Thank you for your time. Goodbye.",
}
LANGUAGES = {"es": SPANISH, "en": ENGLISH}


def line(name: Line, language: str) -> str:
    """The sentence in a BCP-47 language; English where we have no words of that language."""
    return LANGUAGES.get(language[:2].lower(), ENGLISH)[name]
