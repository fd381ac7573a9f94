"""Teams: who may speak to the bot, what they say as an `Incoming`, and the way back to them."""
