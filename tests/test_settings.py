"""A wrong setting stops the start, says what is wrong, and shows an example; never a secret."""

import json
from pathlib import Path

import pytest

from bot.core.errors import SettingsError
from bot.settings import Settings, read_settings
from tests.said import in_english, refused, told

LISTS = {"teams_service_hosts", "ring_minutes"}
"""Settings that are written as a list, in JSON."""
EXAMPLE_OF_EVERY = {
    name: json.loads(field.examples[0]) if name in LISTS else field.examples[0]
    for name, field in Settings.model_fields.items()
    if field.examples
}


def test_the_defaults_are_enough() -> None:
    settings = read_settings()
    assert settings.database == "sqlite:///vraagbaak.db"
    assert settings.zone.key == "Europe/Amsterdam"


def test_every_setting_has_an_example_that_is_right_and_a_description() -> None:
    assert EXAMPLE_OF_EVERY.keys() == Settings.model_fields.keys()
    assert all(field.description for field in Settings.model_fields.values())
    read_settings(**EXAMPLE_OF_EVERY)


@pytest.mark.parametrize(
    ("name", "value", "said"),
    [
        (
            "DATABASE_URL",
            "mysql://u:geheim@h/d",
            "VRAAGBAAK_DATABASE_URL: it must begin with one of these: sqlite:///, postgresql://",
        ),
        ("TIME_ZONE", "Mars/Base", "no such time zone"),
        ("LANGUAGE", "fr", "Choose from: nl, en"),
        ("COACH_TITLE", "", "is empty"),
        ("STUDENT_NUMBER", "(", "must be a regular expression"),
        ("ANSWER_THRESHOLD", "75", "must be 1 or less"),
        ("RETENTION_DAYS", "veel", "must be a whole number"),
        ("RING_MINUTES", "[20, 0, 120]", "must be more than 0"),
        ("LINK_SECRET", "geheim", "a secret of less than 32 signs can be guessed"),
        ("POLL_SECRET", "geheim", "a secret of less than 32 signs can be guessed"),
    ],
)
def test_a_wrong_value_is_named_with_an_example(
    monkeypatch: pytest.MonkeyPatch, name: str, value: str, said: str
) -> None:
    monkeypatch.setenv(f"VRAAGBAAK_{name}", value)
    with pytest.raises(SettingsError) as wrong:
        read_settings()
    assert said in told(wrong.value)
    assert f"Example: VRAAGBAAK_{name}=" in told(wrong.value)
    assert "geheim" not in told(wrong.value)


def test_a_list_that_is_none_says_how_lists_are_written(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VRAAGBAAK_RING_MINUTES", "20 40 120")
    with refused(SettingsError, r"RING_MINUTES must be a list, such as"):
        read_settings()


def test_all_wrong_values_are_named_at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VRAAGBAAK_TIME_ZONE", "x")
    monkeypatch.setenv("VRAAGBAAK_RETENTION_DAYS", "0")
    with pytest.raises(SettingsError) as wrong:
        read_settings()
    assert len(wrong.value.problems) == 2


def test_thresholds_out_of_order_are_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VRAAGBAAK_CHOICES_THRESHOLD", "0.9")
    with refused(SettingsError, "must not be above"):
        read_settings()


def test_something_must_count_as_near(monkeypatch: pytest.MonkeyPatch) -> None:
    for part in ("PLACE", "ORGANISATION", "AVAILABILITY"):
        monkeypatch.setenv(f"VRAAGBAAK_{part}_WEIGHT", "0")
    with refused(SettingsError, "must not all be 0"):
        read_settings()


def test_the_page_about_settings_lists_each_with_what_it_is() -> None:
    page = (Path(__file__).parents[1] / "docs" / "settings.md").read_text("utf-8")
    rows = [line.split(" | ")[:2] for line in page.splitlines() if line.startswith("| `")]
    assert rows == [
        [f"| `VRAAGBAAK_{name.upper()}`", field.description]
        for name, field in Settings.model_fields.items()
    ]


def test_a_misspelt_setting_is_not_passed_over(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("VRAAGBAAK_DATABSE_URL", "sqlite:///x.db")
    with refused(SettingsError, "Did you mean VRAAGBAAK_DATABASE_URL"):
        read_settings()


def test_no_setting_is_guessed_that_is_not_near_and_the_other_wrong_ones_are_named(
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    monkeypatch.setenv("VRAAGBAAK_FOO", "1")
    monkeypatch.setenv("VRAAGBAAK_TEAMS_APP_TYPE", "SingelTenant")
    with pytest.raises(SettingsError) as wrong:
        read_settings()
    foo, other = in_english(wrong.value.problems)
    assert foo == "VRAAGBAAK_FOO: there is no such setting. docs/settings.md lists them"
    assert "VRAAGBAAK_TEAMS_APP_TYPE" in other


def test_a_password_is_not_in_what_is_printed() -> None:
    settings = read_settings(database_url="postgresql://bot:geheim@localhost/vraagbaak")
    assert "geheim" not in repr(settings)
    assert "geheim" in settings.database
