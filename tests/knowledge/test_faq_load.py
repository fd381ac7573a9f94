"""Reading FAQ files, and what is said of files that cannot be read."""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.core.errors import FaqFileError
from bot.core.yaml_text import read_yaml
from bot.knowledge.load import EntryFile, dump_entries, load_faq, shipped_folder
from bot.knowledge.model import AppliesTo, English, Entry, Level, Owner, Topic
from tests.factories import entry
from tests.said import in_english

GOOD = dump_entries([entry("wifi")])
texts = st.text(alphabet=st.characters(exclude_categories=["Cs"]), min_size=1).map(str.strip)
said = texts.filter(bool)
entries = st.builds(
    entry,
    st.from_regex(r"[a-z0-9]+(-[a-z0-9]+)*", fullmatch=True),
    title=said,
    answer=texts,
    variants=st.lists(said, max_size=3).map(tuple),
    tags=st.lists(said, max_size=2).map(tuple),
    level=st.sampled_from(Level),
    owner=st.sampled_from(Owner),
    reviewed_on=st.dates(),
    review_after=st.dates(),
    applies_to=st.builds(AppliesTo, st.lists(said, max_size=2).map(tuple)),
    shows=st.sampled_from(["", "coach"]),
    english=st.none() | st.builds(English, said, said),
)


def problems(read: Callable[[], object]) -> tuple[str, ...]:
    with pytest.raises(FaqFileError) as wrong:
        read()
    return tuple(in_english(wrong.value.problems))


def folder(path: Path, **files: str) -> Path:
    for name, text in files.items():
        (path / f"{name}.yaml").write_text(text, "utf-8")
    return path


def test_a_folder_is_read_a_domain_a_file(tmp_path: Path) -> None:
    one, other = entry("wifi", domain="account"), entry("teams-lid", domain="teams")
    found = load_faq(folder(tmp_path, account=dump_entries([one]), teams=dump_entries([other])))
    assert found.entries == (one, other)
    assert (found.topics, found.small_talk) == ((), {})


def test_a_file_may_hold_one_entry_that_is_no_list(tmp_path: Path) -> None:
    (single,) = read_yaml(GOOD)
    found = load_faq(folder(tmp_path, account=json.dumps(single)))
    assert found.entries == (entry("wifi"),)


def test_topics_and_small_talk_stand_in_files_of_their_own(tmp_path: Path) -> None:
    topics = "- {id: verlof, title: Verlof, where: Vraag HR., examples: [verlof aanvragen]}"
    found = load_faq(folder(tmp_path, wifi=GOOD, not_ours=topics, small_talk="greeting: [hoi]"))
    assert found.topics == (Topic("verlof", "Verlof", "Vraag HR.", ("verlof aanvragen",)),)
    assert found.small_talk == {"greeting": ("hoi",)}


@settings(max_examples=60)
@given(st.lists(entries, min_size=1, max_size=3))
def test_what_is_written_reads_back_the_same(written: list[Entry]) -> None:
    read = [EntryFile.model_validate(one) for one in read_yaml(dump_entries(written))]
    assert [one.entry("account") for one in read] == written


def test_a_full_entry_survives_its_file(tmp_path: Path) -> None:
    full = entry(
        "wifi",
        domain="account",
        answer="Zo:\n1. Kies: #eduroam.\n2. 'Log in' {wifi_name}.",
        applies_to=AppliesTo(("Zorg",), ("Noord",)),
        shows="coach",
        english=English("Wi-Fi: how?", "Choose eduroam."),
        review_after=date(2027, 2, 28),
        tags=("ja", "no", "2026-01-01", "12"),
    )
    assert load_faq(folder(tmp_path, account=dump_entries([full]))).entries == (full,)


def test_steps_stand_in_a_file_as_they_were_written() -> None:
    written = dump_entries([entry("wifi", answer="Zo:\n1. Kies eduroam.\n2. Log in.")])
    assert "    1. Kies eduroam.\n    2. Log in.\n" in written


def test_an_entry_of_a_store_is_written_without_its_defaults() -> None:
    assert "applies_to" not in GOOD
    assert "english" not in GOOD
    assert EntryFile.of(entry("wifi")).entry("account") == entry("wifi")


def test_a_problem_names_file_entry_and_field(tmp_path: Path) -> None:
    bad = GOOD.replace("operationeel", "moeilijk").replace("title:", "titel:")
    found = problems(lambda: load_faq(folder(tmp_path, account=bad)))
    assert all(one.startswith("account.yaml: wifi: ") for one in found)
    assert {one.split(": ", 2)[2] for one in found} == {
        "title is missing",
        "there is no titel. Take it away",
        "level cannot be that. Choose from: operationeel, tactisch, strategisch",
    }


def test_every_problem_of_every_file_is_named(tmp_path: Path) -> None:
    bad = GOOD.replace("operationeel", "moeilijk")
    found = problems(
        lambda: load_faq(
            folder(tmp_path, a=bad + bad, b="- just text", c="x: [", not_ours="- {id: a}")
        )
    )
    assert sum(one.startswith("a.yaml: wifi: level cannot be that.") for one in found) == 2
    assert any(one.startswith("b.yaml: nr 1: a block of names") for one in found)
    assert any(one.startswith("c.yaml, line 1: ") for one in found)
    assert any(one.startswith("not_ours.yaml: 0.title is missing") for one in found)


@pytest.mark.parametrize("name", ["Wifi", "wi fi", "wifi-", "", "wi\nfi"])
def test_an_id_is_lower_case_with_hyphens(tmp_path: Path, name: str) -> None:
    (single,) = read_yaml(GOOD)
    found = problems(lambda: load_faq(folder(tmp_path, a=json.dumps({**single, "id": name}))))
    assert ": id is written in another way" in found[0]


def test_a_file_in_another_encoding_is_a_problem(tmp_path: Path) -> None:
    (tmp_path / "account.yaml").write_bytes(b"- id: caf\xe9")
    assert problems(lambda: load_faq(tmp_path))[0].startswith("account.yaml: ")


def test_a_folder_without_entries_is_a_problem(tmp_path: Path) -> None:
    assert "holds no answers" in problems(lambda: load_faq(tmp_path))[0]


def test_a_path_that_is_not_there_is_a_problem(tmp_path: Path) -> None:
    assert "no such file or folder" in problems(lambda: load_faq(tmp_path / "faq"))[0]


def test_a_foreign_knowledge_base_is_read_line_by_line(tmp_path: Path) -> None:
    path = tmp_path / "foreign.jsonl"
    path.write_text(
        '\ufeff{"id": "Q 1", "question": "Waar?", "variants": ["waar dan"], "tags": ["plek"], '
        '"answer": "Daar\u2028of hier {1}.", "more": 1}\n\n{"id": "2", "question": "Hoe?"}\n',
        "utf-8",
    )
    one, other = load_faq(path).entries
    assert (one.id, one.title, one.domain) == ("Q 1", "Waar?", "foreign")
    assert (one.variants, one.tags) == (("waar dan",), ("plek",))
    assert one.answer == "Daar\u2028of hier {1}."
    assert replace(other, domain="") == Entry(other.id, "", "Hoe?", "")


def test_a_wrong_line_is_named_by_its_number_and_field(tmp_path: Path) -> None:
    path = tmp_path / "foreign.jsonl"
    path.write_text('{"id": "1", "question": "a"}\n{"id": "2"}\n{x\n[]\n', "utf-8")
    found = problems(lambda: load_faq(path))
    assert found == (
        "foreign.jsonl:2: question is missing",
        "foreign.jsonl:3: this is no good JSON. Look at its brackets, commas and quotes",
        "foreign.jsonl:4: a block of names and values should stand here",
    )


def test_a_foreign_file_in_another_encoding_is_a_problem(tmp_path: Path) -> None:
    path = tmp_path / "foreign.jsonl"
    path.write_bytes(b"\xff\xfe\xe9")
    assert "foreign.jsonl: " in problems(lambda: load_faq(path))[0]


def test_the_shipped_folder_is_there() -> None:
    assert (shipped_folder() / "small_talk.yaml").is_file()
