"""What each button of walk-in hours does: a line a button."""

from bot.core import walkin_buttons as buttons
from bot.dialogs.presses import Presses, alone
from bot.dialogs.walkin_calendar import CalendarDesk
from bot.dialogs.walkin_change import Changing
from bot.dialogs.walkin_dates import Dates
from bot.dialogs.walkin_finding import Finding
from bot.dialogs.walkin_queue import Door


def walkin_presses(door: Door) -> Presses:
    """Return what handles each kind of button; who may press it is decided there."""
    hours, visits = door.hours, door.visits
    walkin = hours.walkin
    changing, dates = Changing(walkin), Dates(walkin)
    finding, calendar = Finding(walkin.agenda), CalendarDesk(walkin.agenda.links)
    return {
        buttons.ShowWalkIns: finding.show,
        buttons.FindWalkIn: finding.find,
        buttons.BookSlot: walkin.book,
        buttons.ShowBooking: walkin.booking,
        buttons.NameTopic: walkin.topic,
        buttons.CancelBooking: walkin.cancel,
        buttons.ConfirmSeat: walkin.confirm,
        buttons.LeaveLine: walkin.leave,
        buttons.MyWalkIns: alone(hours.mine),
        buttons.HourForm: hours.form,
        buttons.MakeHour: hours.make,
        buttons.ChangeForm: changing.form,
        buttons.ChangeHour: changing.change,
        buttons.ShowSession: dates.session,
        buttons.CancelDate: dates.cancel_date,
        buttons.MoveDateForm: dates.move_form,
        buttons.MoveDate: dates.move,
        buttons.EndHour: hours.end,
        buttons.WalkInNow: alone(door.now),
        buttons.TakeNumber: door.take,
        buttons.ShowTicket: door.ticket,
        buttons.LeaveQueue: door.leave,
        buttons.CallNext: door.call,
        buttons.ShowVisit: visits.show,
        buttons.MarkVisit: visits.mark,
        buttons.VisitQuestion: visits.question,
        buttons.ShowCalendar: alone(calendar.show),
        buttons.NewCalendar: alone(calendar.renew),
        buttons.StopCalendar: alone(calendar.stop),
    }
