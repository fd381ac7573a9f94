"""Everything that the bot says leaves through here: stored first, sent until it arrived."""
