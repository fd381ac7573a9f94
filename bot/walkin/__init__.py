"""Walk-in hours: weekly rules, slots that can be booked, a line for what is full, walking in."""
