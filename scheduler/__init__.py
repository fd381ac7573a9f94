"""Ticks. What is due is decided by `bot`; what ticks, and how often, stands in `timetable`."""
