"""What the buttons of walk-in hours carry. Fields of a form come as text, whatever they mean."""

from datetime import date
from typing import Annotated

from pydantic import Field

from bot.core.buttons import Payload
from bot.core.ids import BookingId, HourId, LocationId, PersonId, TicketId

Line = Annotated[str, Field(max_length=400)]
Day = Annotated[date, Field(ge=date(2000, 1, 1), le=date(2200, 1, 1))]
NOW = -1
Page = Annotated[int, Field(ge=NOW, le=1_000)]
NOBODY, NOWHERE = PersonId(0), LocationId(0)
NO_BOOKING, NO_TICKET = BookingId(0), TicketId(0)


class ShowWalkIns(Payload, kind="walkins", version=1):
    """Show slots that can be booked, of a coach, at a location or on a day when those are given.

    `moving` is the booking that goes to the slot that is chosen; 0 is none, here and elsewhere.
    """

    coach: PersonId = NOBODY
    location: LocationId = NOWHERE
    day: Line = ""
    moving: BookingId = NO_BOOKING


class FindWalkIn(Payload, kind="walkin_find", version=1):
    """Show the form in which a coach, a location and a day are chosen."""

    moving: BookingId = NO_BOOKING


class OnHour(Payload):
    """Base of what is about one weekly hour."""

    hour: HourId


class OnDate(OnHour):
    """Base of what is about one date of an hour, named by its rule."""

    day: Day


class OnSlot(OnDate):
    """Base of what is about one slot."""

    slot: int


class BookSlot(OnSlot, kind="walkin_book", version=1):
    """Book a slot. `was` is the booking that it takes the place of, which is over already."""

    moving: BookingId = NO_BOOKING
    was: BookingId = NO_BOOKING


class LeaveLine(OnSlot, kind="walkin_leave", version=1):
    """Wait for a slot no longer."""


class OnBooking(Payload):
    """Base of what is about one booking."""

    booking: BookingId


class ShowBooking(OnBooking, kind="walkin_booking", version=1):
    """Show somebody their booking."""


class NameTopic(OnBooking, kind="walkin_topic", version=1):
    """Say what one comes for."""

    topic: str = ""


class CancelBooking(OnBooking, kind="walkin_cancel", version=1):
    """'Afzeggen', also of a seat that was offered."""


class ConfirmSeat(OnBooking, kind="walkin_confirm", version=1):
    """'Ja, ik kom': take the seat that came free."""


class MyWalkIns(Payload, kind="my_walkins", version=1):
    """Show someone their bookings, and a coach their hours."""


class HourForm(Payload, kind="walkin_hour_form", version=1):
    """Show a coach the form for a weekly hour; `once`: for one extra date."""

    once: bool = False


class HourFields(Payload):
    """Base of a form for an hour, as it was filled in."""

    weekday: Line = ""
    start: Line = ""
    end: Line = ""
    minutes: Line = ""
    seats: Line = ""
    place: Line = ""
    link: Line = ""
    open_to: Line = ""
    first: Line = ""
    last: Line = ""


class MakeHour(HourFields, kind="walkin_hour", version=1):
    """The filled-in form for an hour; an extra date has `first` alone."""

    once: bool = False


class ChangeForm(OnHour, HourFields, kind="walkin_change_form", version=1):
    """Show a coach the form that changes a weekly hour: as it is, or as they had filled it in."""


class ChangeHour(OnHour, HourFields, kind="walkin_change", version=1):
    """The filled-in form for an hour that there is; `sure`: also when somebody loses a seat."""

    sure: bool = False


class ShowSession(OnDate, kind="walkin_session", version=1):
    """Show a coach one date: who comes, and what can be done with it.

    `page` counts from 0; NOW is that of who comes next, or who is not marked yet.
    """

    page: Page = NOW


class CancelDate(OnDate, kind="walkin_off", version=1):
    """Let a date not take place; `sure`: also when somebody comes."""

    sure: bool = False


class MoveDateForm(OnDate, kind="walkin_move_form", version=1):
    """Show a coach the form that moves a date."""


class MoveDate(OnDate, kind="walkin_move", version=1):
    """Move a date to another day, time or place."""

    to: Line = ""
    start: Line = ""
    place: Line = ""


class EndHour(OnHour, kind="walkin_end", version=1):
    """End a weekly hour; `sure`: also when somebody comes."""

    sure: bool = False


class WalkInNow(Payload, kind="walkin_now", version=1):
    """'Loop nu binnen'."""


class TakeNumber(OnDate, kind="walkin_number", version=1):
    """Take a number of an hour that goes on."""


class OnTicket(Payload):
    """Base of what is about one number."""

    ticket: TicketId


class ShowTicket(OnTicket, kind="walkin_ticket", version=1):
    """Show somebody how far their number is."""


class LeaveQueue(OnTicket, kind="walkin_queue_leave", version=1):
    """Give a number back."""


class CallNext(OnDate, kind="walkin_call", version=1):
    """Call the next number."""


class OnVisit(Payload):
    """Base of what is about one visit: of a booking, or of a number."""

    booking: BookingId = NO_BOOKING
    ticket: TicketId = NO_TICKET


class ShowVisit(OnVisit, kind="walkin_visit", version=1):
    """Show a coach one visit, and what can be done with it."""


class MarkVisit(OnVisit, kind="walkin_mark", version=1):
    """The coach says whether somebody came."""

    came: bool = True


class VisitQuestion(OnVisit, kind="walkin_question", version=1):
    """Make a question of a visit; `propose`: and an entry of the FAQ at once."""

    propose: bool = False
    about: str = ""


class ShowCalendar(Payload, kind="calendar", version=1):
    """'agenda': show somebody the address of their calendar, if they have one."""


class NewCalendar(Payload, kind="calendar_new", version=1):
    """Make an address; the one before works no longer."""


class StopCalendar(Payload, kind="calendar_stop", version=1):
    """Let there be no address any more."""
