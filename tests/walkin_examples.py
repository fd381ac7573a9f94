"""One of each button of walk-in hours."""

from datetime import date

from bot.core import walkin_buttons as buttons
from bot.core.buttons import Payload
from bot.core.ids import BookingId, HourId, LocationId, PersonId, TicketId

ON = {"hour": HourId(7), "day": date(2026, 3, 9)}
SLOT = {**ON, "slot": 3}
BOOKING = {"booking": BookingId(42)}
TICKET = {"ticket": TicketId(8)}
WALKIN_EXAMPLES: list[Payload] = [
    buttons.ShowWalkIns(coach=PersonId(9), location=LocationId(3), day="2026-03-09"),
    buttons.FindWalkIn(moving=BookingId(42)),
    buttons.BookSlot(**SLOT, moving=BookingId(42), was=BookingId(41)),
    buttons.LeaveLine(**SLOT),
    buttons.ShowBooking(**BOOKING),
    buttons.NameTopic(**BOOKING, topic="Een toets klaarzetten"),
    buttons.CancelBooking(**BOOKING),
    buttons.ConfirmSeat(**BOOKING),
    buttons.MyWalkIns(),
    buttons.HourForm(once=True),
    buttons.MakeHour(
        weekday="ma", start="12:00", end="13:00", minutes="15", seats="2", place="B2.04", last="1-7"
    ),
    buttons.ChangeForm(hour=HourId(7)),
    buttons.ChangeHour(
        hour=HourId(7), sure=True, weekday="di", start="12:00", end="13:00", first="10-3-2026"
    ),
    buttons.ShowSession(**ON),
    buttons.CancelDate(**ON, sure=True),
    buttons.MoveDateForm(**ON),
    buttons.MoveDate(**ON, to="2026-03-10", start="12:00", place="B2.04"),
    buttons.EndHour(hour=HourId(7), sure=True),
    buttons.WalkInNow(),
    buttons.TakeNumber(**ON),
    buttons.ShowTicket(**TICKET),
    buttons.LeaveQueue(**TICKET),
    buttons.CallNext(**ON),
    buttons.ShowVisit(**BOOKING),
    buttons.MarkVisit(**TICKET, came=False),
    buttons.VisitQuestion(**BOOKING, propose=True, about="Een toets klaarzetten"),
    buttons.ShowCalendar(),
    buttons.NewCalendar(),
    buttons.StopCalendar(),
]
