"""What is taken out of a text before it is stored, and what stays."""

import re
from functools import partial
from string import ascii_letters, ascii_uppercase, digits

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from bot.core.redaction import (
    Redacted,
    Secret,
    is_bsn,
    is_iban,
    redact,
    without_contacts,
    without_words,
)

STUDENT = re.compile(r"\bs\d{6,8}\b", re.IGNORECASE)
SEVEN_DIGITS = re.compile(r"\b\d{7}\b")
BSN = "123456782"
IBAN = "NL91ABNA0417164300"


def clean(text: str, student_number: re.Pattern[str] = STUDENT) -> str:
    return redact(text, student_number).text


def eleven_sum(number: str) -> int:
    """Add up as the authority does: nine weights, the last one counting down."""
    nine = number.rjust(9, "0")
    return sum((9 - place) * int(nine[place]) for place in range(8)) - int(nine[8])


def iban_of(country: str, account: str) -> str:
    """Compute the check digits that ISO 13616 asks for."""
    signs = f"{account}{country}00".upper()
    as_number = "".join(sign if sign.isdigit() else str(ord(sign) - 55) for sign in signs)
    return f"{country}{98 - int(as_number) % 97:02}{account}".upper()


def in_groups(number: str, sizes: tuple[int, ...], blank: str) -> str:
    starts = [sum(sizes[:place]) for place in range(len(sizes))]
    pairs = zip(starts, sizes, strict=True)
    return blank.join(number[start : start + size] for start, size in pairs)


def bsn_with_groups(number: str) -> st.SearchStrategy[str]:
    shapes = [(9,), (3, 3, 3), (4, 2, 3), (2, 3, 4)] if len(number) == 9 else [(8,), (2, 3, 3)]
    blanks = st.sampled_from([" ", ".", "-", "\u00a0", "  "])
    return st.builds(in_groups, st.just(number), st.sampled_from(shapes), blanks)


def reads_as_a_date(number: str) -> bool:
    return bool(re.fullmatch(r"(19|20)\d{6}|\d{4}(19|20)\d\d", number))


valid_bsns = (
    st.integers(1_000_000, 99_999_999)
    .map(
        lambda head: next(
            (f"{head}{n}" for n in range(10) if not eleven_sum(f"{head}{n}") % 11), ""
        )
    )
    .filter(bool)
    .filter(lambda number: not reads_as_a_date(number))
)
written_bsns = valid_bsns.flatmap(bsn_with_groups)
valid_ibans = st.one_of(
    st.builds(
        lambda bank, account: iban_of("NL", bank + account),
        st.text(ascii_uppercase, min_size=4, max_size=4),
        st.text(digits, min_size=10, max_size=10),
    ),
    *(
        st.text(ascii_uppercase + digits, min_size=size, max_size=size).map(partial(iban_of, land))
        for land, size in {"NO": 11, "BE": 12, "DE": 18, "GB": 18, "FR": 23, "MT": 27}.items()
    ),
)
written_ibans = st.builds(
    lambda iban, size, blank, case: case(blank.join(re.findall(f".{{1,{size}}}", iban))),
    valid_ibans,
    st.sampled_from([4, 34]),
    st.sampled_from([" ", "  ", ".", "\u00a0"]),
    st.sampled_from([str.upper, str.lower]),
)
words = st.text(ascii_letters + "é.,:()?", min_size=1, max_size=8)
small_numbers = st.integers(1, 9999).map(str)
bystanders = st.sampled_from(
    ["06 12345678", "088 555 01 02", "+31 6 12345678", "€ 12,50", "12-03-2026", "[bsn]", "s123456"]
)
secrets = st.one_of(written_bsns, written_ibans)
mixed_texts = st.lists(st.one_of(words, small_numbers, bystanders, secrets), max_size=8).map(
    " ".join
)


def test_a_text_without_secrets_stays_as_it_is() -> None:
    text = "Hoe zet ik een toets van 45 minuten klaar in lokaal B2.14 voor 28 studenten?"
    assert redact(text, STUDENT) == Redacted(text, frozenset())


@given(valid_bsns)
def test_every_number_that_passes_the_eleven_test_is_a_bsn(number: str) -> None:
    assert is_bsn(number)


@given(st.integers(10_000_000, 999_999_999).map(str))
def test_the_eleven_test_is_the_one_of_the_authority(number: str) -> None:
    assert is_bsn(number) == (eleven_sum(number) % 11 == 0)


@given(valid_bsns, st.integers(0, 8), st.integers(1, 9))
def test_one_wrong_digit_makes_it_no_bsn(number: str, place: int, more: int) -> None:
    nine = number.rjust(9, "0")
    wrong = nine[:place] + str((int(nine[place]) + more) % 10) + nine[place + 1 :]
    assert not is_bsn(wrong)


@pytest.mark.parametrize("digits", ["", "0", "1234567", "00000000", "000000000", "1234567820"])
def test_too_short_too_long_or_all_zeros_is_no_bsn(digits: str) -> None:
    assert not is_bsn(digits)


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("123456782", "[bsn]"),
        ("bsn:123456782", "bsn:[bsn]"),
        ("bsn-123456782", "bsn-[bsn]"),
        ("BSN123456782", "BSN[bsn]"),
        ("Zijn nummer is 123456782.", "Zijn nummer is [bsn]."),
        ("Jan (123456782) kan niet inloggen", "Jan ([bsn]) kan niet inloggen"),
        ("123456782, 111222333", "[bsn], [bsn]"),
        ("Jansen,123456782,2008", "Jansen,[bsn],2008"),
        ("Jansen;123456782;2008", "Jansen;[bsn];2008"),
        ("123456782-Jansen", "[bsn]-Jansen"),
        ("123456782@student.example", "[bsn]@student.example"),
        ("123456782?", "[bsn]?"),
        ("bsn\n123456782\nklopt niet", "bsn\n[bsn]\nklopt niet"),
    ],
)
def test_a_bsn_goes_wherever_it_stands(text: str, stored: str) -> None:
    assert redact(text, STUDENT) == Redacted(stored, frozenset({Secret.BSN}))


@pytest.mark.parametrize(
    "written",
    [
        "123 456 782",
        "123.456.782",
        "1234.56.782",
        "1234 56 782",
        "123-456-782",
        "123  456  782",
        "123\u00a0456\u00a0782",
        "123 456782",
        "012345672",
        "12345672",
        "12 345 672",
        "12.345.672",
    ],
)
def test_a_bsn_goes_however_it_is_grouped(written: str) -> None:
    assert clean(f"het bsn {written} werkt niet.") == "het bsn [bsn] werkt niet."


def test_a_number_before_a_bsn_does_not_hide_it() -> None:
    assert clean("lokaal 102 123 456 782") == "lokaal 102 [bsn]"


@pytest.mark.parametrize(
    ("text", "stored"),
    [
        ("lokaal 0104 123 456 782", "lokaal 0104 [bsn]"),
        ("012 345 672 3 keer", "[bsn] 3 keer"),
        ("40 379 0104 12 34 56", "[bsn] 12 34 56"),
        ("40 379 0104 1 10 048 6708", "[bsn] 1 [bsn]"),
        ("06 12345678 123456782", "06 12345678 [bsn]"),
    ],
)
def test_what_could_be_a_telephone_number_does_not_hide_a_bsn(text: str, stored: str) -> None:
    assert clean(text) == stored


def test_numbers_in_a_row_do_not_hide_each_other() -> None:
    assert clean("123.456.782.123456782") == "[bsn].[bsn]"


@pytest.mark.parametrize(
    "text",
    [
        "123456789",  # fails the eleven test
        "123 456 789",
        "06 12345672",  # the last eight digits pass it
        "06-12345672",
        "0612345672",
        "(06) 12345672",
        "06 123 45 672",
        "+31 6 12345672",
        "+31 (0)6 12345672",
        "+31 612345672",  # as do these last nine
        "0031 6 12345672",
        "088 555 01 02",
        "088-5550102",
        "€ 12.345.672",
        "€12345672",
        "12.345.672,50",
        "1.123.456.782",
        "12-03-2026 of 2026-03-12",
        "12.03.2026",
        "toets_20260210.docx",  # passes it
        "16022026",
        "2025 2026",
        "10.30 11.45",
        "192.168.101.12",
        "1234567820",
        "9123456782",
        "12345678212345678",
    ],
)
def test_telephone_numbers_amounts_dates_and_long_numbers_stay(text: str) -> None:
    assert redact(f"Ik bedoel {text} zeg maar", STUDENT).text == f"Ik bedoel {text} zeg maar"


def test_the_dates_above_would_pass_the_eleven_test() -> None:
    assert is_bsn("20260210")
    assert is_bsn("16022026")


@given(valid_ibans)
def test_every_account_with_right_check_digits_is_an_iban(iban: str) -> None:
    assert is_iban(iban)
    assert is_iban(iban.lower())


@given(valid_ibans, st.integers(1, 96))
def test_other_check_digits_make_it_no_iban(iban: str, more: int) -> None:
    check = (int(iban[2:4]) - 2 + more) % 97 + 2
    assert not is_iban(f"{iban[:2]}{check:02}{iban[4:]}")


@pytest.mark.parametrize(
    "text",
    [
        "",
        "NL91",
        "XX91ABNA0417164300",
        "91NLABNA0417164300",
        "NL9AABNA0417164300",
        "ſs12abcdefghijklmnop",
        "é" * 18,
    ],
)
def test_what_has_not_the_form_of_an_iban_is_none(text: str) -> None:
    assert not is_iban(text)


@pytest.mark.parametrize(
    "written",
    [
        "NL91ABNA0417164300",
        "NL91 ABNA 0417 1643 00",
        "nl91 abna 0417 1643 00",
        "nl91abna0417164300",
        "NL91  ABNA  0417  1643  00",
        "NL91\u00a0ABNA\u00a00417\u00a01643\u00a000",
        "NL91.ABNA.0417.1643.00",
        "NL91-ABNA-0417-1643-00",
        "NL 91 ABNA 0417 1643 00",
        "BE68 5390 0754 7034",
        "DE89 3704 0044 0532 0130 00",
        "GB82 WEST 1234 5698 7654 32",
        "MT84 MALT 0110 0001 2345 MTLC AST0 01S",
        "NO93 8601 1117 947",
    ],
)
@pytest.mark.parametrize(
    ("before", "after"),
    [
        ("", ""),
        ("mijn rekening is ", " en ik wil graag mijn reiskosten terug"),
        ("overmaken op ", ". Dank!"),
        ("iban:", ", op naam van Jansen"),
        ("(", ")"),
        ("rekeningnummer", "?"),
        ("klas mv21 ", " aub"),
        ("stuur 12 euro naar ", "\nvoor 3 april"),
    ],
)
def test_an_iban_goes_and_the_words_around_it_stay(written: str, before: str, after: str) -> None:
    stored = Redacted(f"{before}[iban]{after}", frozenset({Secret.IBAN}))
    assert redact(f"{before}{written}{after}", STUDENT) == stored


@pytest.mark.parametrize(
    "text",
    [
        "NL92ABNA0417164300",
        "NL91 ABNA 0417 1643 01",
        "mv21 is de code van de klas hiernaast",
        "Ik bedoel 10.30 11.45 zeg maar",
        "de 20 minuten zijn om",
        "ſs12 abcd efgh ijkl mnop",
    ],
)
def test_what_fails_mod_97_stays(text: str) -> None:
    assert redact(text, STUDENT) == Redacted(text, frozenset())


@pytest.mark.parametrize("number", ["s123456", "S1234567"])
def test_a_student_number_goes_by_the_pattern_of_the_college(number: str) -> None:
    stored = Redacted("student [studentnummer] mist een cijfer", frozenset({Secret.STUDENT}))
    assert redact(f"student {number} mist een cijfer", STUDENT) == stored


def test_a_student_number_of_digits_is_not_seen_in_a_telephone_number() -> None:
    text = "1234567 belt op 088 5550102"
    assert clean(text, SEVEN_DIGITS) == "[studentnummer] belt op 088 5550102"


def test_what_is_both_is_named_as_a_bsn() -> None:
    nine_digits = re.compile(r"\b\d{9}\b")
    assert clean("123456782 en 123456789", nine_digits) == "[bsn] en [studentnummer]"


@pytest.mark.parametrize("pattern", ["", r"\d*", r"(?!)"])
def test_a_pattern_that_matches_nothing_takes_nothing(pattern: str) -> None:
    assert clean("leerling zonder nummer", re.compile(pattern)) == "leerling zonder nummer"


@pytest.mark.parametrize("pattern", [r"\w+", r"\[\w+\]", "bsn|studentnummer"])
def test_a_pattern_never_matches_the_words_that_came_in_the_place(pattern: str) -> None:
    assert clean("123456782", re.compile(pattern)) == "[bsn]"


def test_every_kind_that_was_found_is_told() -> None:
    assert redact(f"{BSN} {IBAN} s1234567", STUDENT) == Redacted(
        "[bsn] [iban] [studentnummer]", frozenset(Secret)
    )


def test_a_word_such_as_bsn_that_someone_typed_is_no_finding() -> None:
    assert redact("wat betekent [bsn]?", STUDENT) == Redacted("wat betekent [bsn]?", frozenset())


@given(mixed_texts, st.sampled_from([STUDENT, SEVEN_DIGITS]))
def test_done_twice_it_changes_nothing(text: str, pattern: re.Pattern[str]) -> None:
    once = clean(text, pattern)
    assert redact(once, pattern) == Redacted(once, frozenset())


@given(st.text(alphabet=st.sampled_from("0123456789 .,-()NLAB€s\u00a0\n[]"), max_size=60))
def test_done_twice_it_changes_nothing_whatever_the_signs(text: str) -> None:
    once = clean(text)
    assert redact(once, STUDENT) == Redacted(once, frozenset())


@given(mixed_texts, secrets, mixed_texts)
def test_no_secret_between_blanks_survives(before: str, secret: str, after: str) -> None:
    assume(not before.endswith(("€", "+")))
    stored = clean(f"{before} {secret} {after}")
    assert secret not in stored
    assert any(word in stored for word in ("[bsn]", "[iban]"))


@given(st.lists(st.one_of(words, bystanders), max_size=8).map(" ".join))
def test_telephone_numbers_amounts_and_dates_stay_in_every_company(text: str) -> None:
    stored = clean(text)
    assert stored == STUDENT.sub("[studentnummer]", text)


@pytest.mark.parametrize(
    ("text", "published"),
    [
        ("mail jan.de-vries+les@roc.example!", "mail [e-mail]!"),
        ("<mailto:jan@roc.example>, graag", "<mailto:[e-mail]>, graag"),
        ("JAN@ROC.EXAMPLE en piet@school", "[e-mail] en [e-mail]"),
        ("bel 06 12345678 of 06-12345678", "bel [telefoon] of [telefoon]"),
        ("(06) 12 34 56 78.", "[telefoon]."),
        ("+31 6 12345678, +31 (0)6 12345678", "[telefoon], [telefoon]"),
        ("0031612345678 of 088-5550102", "[telefoon] of [telefoon]"),
        ("6 12345678 zonder nul", "[telefoon] zonder nul"),
        ("lokaal 12 0612345678", "lokaal 12 [telefoon]"),
        ("+32 475 12 34 56", "[telefoon]"),
    ],
)
def test_what_all_may_read_holds_no_address_and_no_telephone_number(
    text: str, published: str
) -> None:
    assert without_contacts(text) == published
    assert without_contacts(published) == published


@pytest.mark.parametrize(
    "text",
    ["wat kost € 12.345.672", "versie 10.30 om 11.45", "@Jan kijk", "foutcode 0x80070005", "1 @ 2"],
)
def test_what_only_looks_like_a_contact_stays(text: str) -> None:
    assert without_contacts(text) == text


def test_a_long_text_is_searched_for_addresses_in_no_time() -> None:
    assert without_contacts("a" * 4_000 + "@") == "a" * 4_000 + "@"


@given(st.text())
def test_taking_contacts_out_twice_is_doing_it_once(text: str) -> None:
    assert without_contacts(without_contacts(text)) == without_contacts(text)


def test_the_words_for_what_was_taken_out_can_go_as_well() -> None:
    assert without_words("bel [telefoon] over  [bsn] van [naam]") == "bel over van [naam]"
