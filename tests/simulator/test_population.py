import csv
import re
from collections import Counter
from pathlib import Path
from typing import get_args

import pytest

from simulator.options import Options
from simulator.people.persona import Machine, PersonaError
from simulator.people.persona_file import read_persona
from simulator.people.population import Population

SAMPLE = Path(__file__).parent / "data" / "clientes-excel-es.csv"
PINNED = '[pins]\n"+34600000001" = "busy"\n[weights]\ncooperative = 0\n'


def sample_numbers() -> list[str]:
    with SAMPLE.open(encoding="cp1252", newline="") as file:
        found = {international(row["Teléfono móvil"]) for row in csv.DictReader(file, delimiter=";")}
    return sorted(number for number in found if re.fullmatch(r"\+[1-9]\d{9,13}", number))


def international(text: str | None) -> str:
    digits = re.sub(r"[^\d+]", "", text or "").replace("0034", "+34", 1)
    if (text or "").startswith("("):
        return f"+1{digits}"
    return digits if digits.startswith("+") else f"+34{digits}"


def test_the_sample_meets_every_common_kind_of_person():
    population = Population.load(Options(seed=7))
    met = Counter(population.persona_for(number, 1).name for number in sample_numbers())
    common = {persona.name for persona in population.personas.values() if persona.weight >= 1}
    assert len(common) >= 30
    assert common <= set(met)
    assert len(set(met) - common) >= 10
    assert met["busy"] + met["no-answer"] >= 20


def test_everybody_owns_a_number_but_agents_and_those_who_ask_to_be_called_another_day():
    population = Population.load(Options(seed=7))
    met = {population.persona_for(f"{prefix}{n:09d}", 1).name for prefix in ("+34", "+52", "+1") for n in range(2000)}
    missing = set(population.personas) - met
    assert {name.removeprefix("mexican-").removeprefix("english-") for name in missing} == {"agent", "callback-later"}


def test_there_are_seventy_personas_and_more_in_three_languages():
    personas = Population.load(Options()).personas.values()
    assert len(personas) >= 70
    assert {persona.language for persona in personas} == {"es-ES", "es-MX", "en-US"}
    assert {persona.machine for persona in personas} == set(get_args(Machine))


def test_the_person_behind_a_number_depends_on_seed_and_number_alone():
    numbers = sample_numbers()
    first, second = Population.load(Options(seed=7)), Population.load(Options(seed=7))
    forwards = {number: first.persona_for(number, 1).name for number in numbers}
    backwards = {number: second.persona_for(number, 1).name for number in reversed(numbers)}
    assert forwards == backwards
    other = Population.load(Options(seed=8))
    assert forwards != {number: other.persona_for(number, 1).name for number in numbers}


@pytest.mark.parametrize(("prefix", "language"), [("+34", "es-ES"), ("+52", "es-MX"), ("+1", "en-US")])
def test_people_who_converse_speak_the_language_of_their_country(prefix: str, language: str):
    population = Population.load(Options())
    met = [population.persona_for(f"{prefix}5555{n:06d}", 1) for n in range(200)]
    conversing = [persona for persona in met if persona.prefixes and not persona.is_machine]
    assert {persona.language for persona in conversing} == {language}


def test_a_population_file_sets_weights_and_pins(tmp_path: Path):
    path = tmp_path / "population.toml"
    path.write_text(PINNED)
    population = Population.load(Options(population=path))
    assert population.persona_for("+34600000001", 1).name == "busy"
    met = {population.persona_for(f"+34600{n:06d}", 1).name for n in range(2, 300)}
    assert "cooperative" not in met


def test_a_persona_file_with_an_unknown_key_is_refused_by_name(tmp_path: Path):
    path = tmp_path / "odd.toml"
    path.write_text('language = "es-ES"\nmood = "bad"\n')
    with pytest.raises(PersonaError, match=r"odd\.toml.*mood"):
        read_persona(path)


def test_pinning_to_an_unknown_persona_names_those_there_are():
    with pytest.raises(PersonaError, match="cooperative"):
        Population.load(Options()).pin("+34600000001", "nobody")
