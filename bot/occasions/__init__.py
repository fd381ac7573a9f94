"""What happens at a local time, again and again: each time once, or skipped and recorded so."""
