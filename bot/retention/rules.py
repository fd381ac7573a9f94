"""When texts are forgotten."""

from datetime import time, timedelta

AT = time(3, 30)
"""Local time of day: after the clock changes at 02:00 and 03:00, before anybody teaches."""
LATE = timedelta(days=2)
"""How late it still makes sense: the next time, a day on, does it all the same."""
