from tests.simulator.calling import Caller

ASK = '<Gather input="speech dtmf" action="/heard" timeout="4">{inside}</Gather>'
QUESTION = '<Say language="es-ES">¿Le viene bien el martes por la mañana?</Say>'


def test_what_the_person_says_is_posted_to_the_action(caller: Caller):
    caller.application.documents["/heard"] = "<Response><Say>Adiós</Say></Response>"
    caller.call_to_the_end("cooperative", f'<Pause length="4"/>{ASK.format(inside=QUESTION)}')
    form = caller.application.hits_at("/heard")[0].form
    assert form["SpeechResult"]
    assert 0 < float(form["Confidence"]) <= 1
    assert "Digits" not in form
    turn = caller.simulator.timings()["gather_turns"][0]
    assert turn["posted_at"] < turn["twiml_at"]


def test_silence_goes_to_the_next_verb(caller: Caller):
    ended = caller.call_to_the_end("silent", ASK.format(inside=QUESTION) + "<Say>Nadie</Say>")
    assert caller.application.hits_at("/heard") == []
    assert ended["transcript"][-1]["text"] == "Nadie"


def test_silence_reaches_the_action_when_asked_for(caller: Caller):
    caller.application.documents["/heard"] = "<Response/>"
    caller.call_to_the_end("silent", '<Gather input="speech" action="/heard" timeout="2" actionOnEmptyResult="true"/>')
    form = caller.application.hits_at("/heard")[0].form
    assert "SpeechResult" not in form
    assert "Digits" not in form


def test_a_key_pressed_during_the_prompt_cuts_it(caller: Caller):
    caller.application.documents["/keys"] = "<Response/>"
    long = '<Say language="es-ES">' + "Le llamo de la clínica para confirmar su cita del martes. " * 3 + "</Say>"
    ended = caller.call_to_the_end("opt-out-key", f'<Gather action="/keys" numDigits="1">{long}</Gather>')
    assert caller.application.hits_at("/keys")[0].form["Digits"] == "9"
    spoken = next(line["text"] for line in ended["transcript"] if line["speaker"] == "assistant")
    assert 0 < len(spoken) < 120


def test_speech_does_not_reach_a_gather_for_keys(caller: Caller):
    caller.call_to_the_end("interrupter", f'<Gather input="dtmf" action="/keys" timeout="1">{QUESTION}</Gather>')
    assert caller.application.hits_at("/keys") == []


def test_without_barge_in_the_prompt_is_heard_to_its_end(caller: Caller):
    caller.application.documents["/heard"] = "<Response/>"
    prompt = f'<Gather input="speech" action="/heard" bargeIn="false">{QUESTION}</Gather>'
    ended = caller.call_to_the_end("interrupter", f'<Pause length="3"/>{prompt}')
    spoken = [line["text"] for line in ended["transcript"] if line["speaker"] == "assistant"]
    assert spoken == ["¿Le viene bien el martes por la mañana?"]
