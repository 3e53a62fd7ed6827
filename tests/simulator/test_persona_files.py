import random
from pathlib import Path

import pytest

from simulator.people.mind import Mind
from simulator.people.persona import PersonaError
from simulator.people.persona_file import read_persona, read_personas
from simulator.people.step import Situation, Step
from simulator.people.words import read_words
from tests.simulator.test_people import mind as mind_of

SPAIN = 'language = "es-ES"\n'


def persona_of(tmp_path: Path, text: str):
    path = tmp_path / "somebody.toml"
    path.write_text(SPAIN + text, "utf-8")
    return read_persona(path)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ('weight = "many"', "weight"),
        ("weight = -1", "weight"),
        ("prefixes = '+34'", "prefixes"),
        ("outcomes = ['gone']", "outcomes"),
        ("outcomes = []", "outcomes"),
        ("machine = 'toaster'", "machine"),
        ("machine = 'ivr'", "menu"),
        ("agreement = 1.5", "agreement"),
        ("murmurs = true", "murmurs"),
        ("thinking_seconds = [3, 1]", "thinking_seconds"),
        ("thinking_seconds = [1]", "thinking_seconds"),
        ("steps = 3", "steps"),
        ("steps = [3]", "steps"),
        ("[[steps]]\nturn = 1\nthen = 'sing'", r"steps\[1\]\.then"),
        ("[[steps]]\nturn = 1\n[[steps]]\nmood = 'bad'", r"steps\[2\]\.mood"),
        ("[[steps]]\nwhen = 'thunder'", r"steps\[1\]\.when"),
        ("[[steps]]\nheard = '('", r"steps\[1\]\.heard"),
        ("[[steps]]\nreply = 'nothing'", r"steps\[1\]\.reply"),
        ("[[steps]]\nshare = 2", r"steps\[1\]\.share"),
        ("[[steps]]\nwhen = 'question'\nbarge_in_after = 1", r"steps\[1\]\.barge_in_after"),
        ("[replies]\nyes = 'Sí'", r"replies\.yes"),
        ("[replies]\nyes = []", r"replies\.yes"),
        ("machine = 'ivr'\n[menu.start]\nkeys = { 1 = 'moon' }", r"menu\.start.*moon"),
        ("machine = 'ivr'\n[menu.start]\nvolume = 3", r"menu\.start\.volume"),
        ("machine = 'ivr'\n[menu.start]\nwords = { '(' = 'start' }", r"menu\.start\.words"),
        ("machine = 'ivr'\n[menu.other]\nthen = 'hang-up'", "menu.start"),
        ("[menu.start]\nthen = 'hang-up'", "menu"),
        ("weight = ", "Invalid value"),
    ],
)
def test_a_wrong_file_is_refused_by_name_and_field(tmp_path: Path, text: str, field: str):
    with pytest.raises(PersonaError, match=rf"^somebody\.toml: .*{field}"):
        persona_of(tmp_path, text)


def test_a_file_without_a_language_is_refused(tmp_path: Path):
    path = tmp_path / "somebody.toml"
    path.write_text("weight = 1\n")
    with pytest.raises(PersonaError, match=r"somebody\.toml: language: is missing"):
        read_persona(path)


def test_a_folder_without_files_is_refused(tmp_path: Path):
    with pytest.raises(PersonaError, match="no persona files"):
        read_personas(tmp_path)


def test_a_file_written_for_voicemails_alone_still_means_one(tmp_path: Path):
    assert persona_of(tmp_path, "is_machine = true").machine == "voicemail"
    assert persona_of(tmp_path, "is_machine = false").machine == ""


@pytest.mark.parametrize(
    ("step", "situation", "fits"),
    [
        (Step(turn=2), Situation(2, 1), True),
        (Step(turn=2), Situation(3, 1), False),
        (Step(when="question"), Situation(4, 1, "Hola. ¿Le viene bien?"), True),
        (Step(when="statement"), Situation(4, 1, "Hola. ¿Le viene bien?"), False),
        (Step(when="price"), Situation(4, 1, "Son treinta euros."), True),
        (Step(when="greeting"), Situation(1, 1, "Muy buenos días."), True),
        (Step(when="repeat_request"), Situation(1, 1, "¿Puede repetir?"), True),
        (Step(when="anything"), Situation(1, 1, "  "), False),
        (Step(when="silence"), Situation(1, 1, silence=1), True),
        (Step(turn=1), Situation(1, 1, silence=1), False),
        (Step(heard="clinica"), Situation(1, 1, "De la CLÍNICA del Olmo"), True),
        (Step(heard="garaje"), Situation(1, 1, "De la clínica"), False),
        (Step(keys="[12]"), Situation(1, 1, keys="2"), True),
        (Step(keys="[12]"), Situation(1, 1, keys="12"), False),
        (Step(after_seconds=30), Situation(1, 1, talked_seconds=29), False),
        (Step(after_seconds=30), Situation(1, 1, talked_seconds=31), True),
        (Step(attempts=(2,)), Situation(1, 1), False),
    ],
)
def test_a_step_is_taken_when_all_its_conditions_hold(step: Step, situation: Situation, fits: bool):
    assert step.fits(situation) is fits


def taken(tmp_path: Path, text: str, *heard: str, seeds: int = 60) -> list[list[str]]:
    persona = persona_of(tmp_path, text)
    minds = [Mind(persona, 1, random.Random(seed)) for seed in range(seeds)]
    return [[mind.react(words).say for words in heard] for mind in minds]


def test_a_step_happens_once_unless_it_repeats(tmp_path: Path):
    once = taken(tmp_path, '[[steps]]\nwhen = "price"\nsay = ["¿Cuánto?"]', *["Son diez euros."] * 3, seeds=1)[0]
    assert once.count("¿Cuánto?") == 1
    again = '[[steps]]\nwhen = "price"\nrepeat = true\nsay = ["¿Cuánto?"]'
    assert taken(tmp_path, again, *["Son diez euros."] * 3, seeds=1)[0].count("¿Cuánto?") == 3


def test_a_share_is_drawn_for_each_call(tmp_path: Path):
    found = taken(tmp_path, '[[steps]]\nturn = 1\nshare = 0.5\nsay = ["¿Cuánto?"]', "Hola.")
    assert 15 < sum(words == ["¿Cuánto?"] for words in found) < 45


def test_somebody_may_change_the_language(tmp_path: Path):
    text = '[[steps]]\nturn = 1\nlanguage = "en-US"\nsay = ["In English, please"]'
    persona = persona_of(tmp_path, text)
    mind = Mind(persona, 1, random.Random(3))
    mind.react("¿Hablo con Lucía?")
    assert mind.language == "en-US"
    assert mind.react("Are you still there?").say in read_words("en").replies["still_there"]


def test_a_request_to_repeat_gets_the_last_words_again():
    someone = mind_of()
    said = someone.react("¿A qué hora le viene mejor?").say
    again = someone.react("Perdone, ¿puede repetir?").say
    assert said.split()[-1] in again
