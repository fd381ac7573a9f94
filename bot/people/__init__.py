"""Who works where: people, places, teams, coaches, and how a channel knows them."""
