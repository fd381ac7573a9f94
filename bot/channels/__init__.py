"""Translators: an event into an `Incoming`, a `Reply` into what the channel shows."""
