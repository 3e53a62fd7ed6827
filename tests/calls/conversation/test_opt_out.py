import pytest

from calls.conversation.opt_out import asks_to_opt_out

REQUESTS = [
    "No me llame más.",
    "No me llamen más, por favor",
    "no me vuelvan a llamar",
    "¡No me llames nunca más!",
    "No nos llamen otra vez",
    "no quiero que me llamen",
    "No quiero que me vuelvan a llamar.",
    "No quiero recibir más llamadas",
    "no deseo recibir llamadas de ustedes",
    "Dejen de llamarme",
    "Deje de molestar",
    "Borre mi número",
    "Bórreme de la lista, por favor.",
    "Quíteme de la lista",
    "Quiero que me quiten de su lista",
    "Elimine mi número de su base de datos",
    "Borren mis datos",
    "Quiero darme de baja",
    "Que me den de baja",
    "Estoy en la lista Robinson",
    "No me llame.",
    "Mire, no estoy interesado, no me llamen más, ¿vale?",
    "Stop calling me",
    "Please stop calling.",
    "Don't call me again",
    "Do not call this number",
    "never call me again",
    "Don't ever call here again!",
    "Take me off your list",
    "Remove my number from your database",
    "Remove me from the calling list",
    "Put me on your do not call list",
    "I don't want any more calls",
    "I don't want you to call me",
    "Don't call me",
    "I want to opt out",
]

OTHER_WORDS = [
    "",
    "No me llame ahora, llámeme mañana",
    "No me llames tan tarde",
    "no me llame a las tres",
    "Llámeme más tarde",
    "No, no me interesa",
    "No quiero",
    "No quiero que me llamen mañana, mejor el jueves",
    "¿No me llamó usted ayer?",
    "¿Cómo se llama?",
    "Me llamo Lucía",
    "Mi número es el 600 000 001",
    "No tengo su número",
    "¿Quién le dio mi número?",
    "Me interesa más información",
    "No me molesta, dígame",
    "Quite, quite, no hace falta",
    "Call me later",
    "Don't call me now, I'm driving",
    "Don't call me before ten",
    "Stop, I did not hear you",
    "I don't want to wait, call me today",
    "What number are you calling from?",
    "Can you add me to the list for Tuesday?",
    "I never call back",
]


@pytest.mark.parametrize("words", REQUESTS)
def test_a_wish_not_to_be_called_again_is_understood(words):
    assert asks_to_opt_out(words)


@pytest.mark.parametrize("words", OTHER_WORDS)
def test_other_words_are_no_such_wish(words):
    assert not asks_to_opt_out(words)
