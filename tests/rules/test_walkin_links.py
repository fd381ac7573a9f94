"""An address of a calendar is right to the last sign, or leads nowhere."""

from hypothesis import example, given
from hypothesis import strategies as st

from bot.core.ids import BookingId
from bot.walkin.links import BOOKING, ENDING, FEED, Links

SECRET = "a secret of the college that is long"
LINKS = Links("https://bot.example/", SECRET)


def token(url: str, path: str) -> str:
    assert url.startswith(f"https://bot.example{path}")
    return url.removeprefix(f"https://bot.example{path}").removesuffix(ENDING)


TOKEN = token(LINKS.booking(BookingId(42)), BOOKING)


@given(st.integers(1, 2**62))
def test_a_booking_comes_back_from_its_address(number: int) -> None:
    url = LINKS.booking(BookingId(number))
    assert LINKS.booking_of(token(url, BOOKING)) == number
    assert LINKS.booking(BookingId(number)) == url


@given(st.text(st.characters(codec="ascii"), min_size=1, max_size=32))
def test_a_feed_comes_back_from_its_address_which_does_not_need_it_to_be_guessed(key: str) -> None:
    assert LINKS.key_of(token(LINKS.feed(key), FEED)) == key


@example(0, "\ud800")
@given(st.integers(0, len(TOKEN) - 1), st.characters())
def test_one_other_sign_leads_nowhere(place: int, sign: str) -> None:
    other = TOKEN[:place] + sign + TOKEN[place + 1 :]
    assert LINKS.booking_of(other) == (42 if other == TOKEN else None)


@given(st.text(max_size=300))
def test_what_we_did_not_make_leads_nowhere(text: str) -> None:
    assert LINKS.booking_of(text) is None
    assert LINKS.key_of(text) is None
    assert LINKS.booking_of(TOKEN + text) == (None if text else 42)
    assert LINKS.booking_of("x" * 10_000 + text) is None


def test_an_address_of_one_kind_is_none_of_the_other() -> None:
    feed = token(LINKS.feed("42"), FEED)
    assert LINKS.key_of(TOKEN) is None
    assert LINKS.booking_of(feed) is None


def test_another_secret_ends_all_addresses() -> None:
    other = Links("https://bot.example", SECRET + "!")
    assert other.booking_of(TOKEN) is None
    assert other.booking(BookingId(42)) != LINKS.booking(BookingId(42))
