"""The steps from an empty database to today's tables; `bot.store.schema` runs them."""
