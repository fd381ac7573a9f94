"""Conversations: an `Incoming` in, `Reply`s out. No channel, no SQL, no sentence in Python."""
