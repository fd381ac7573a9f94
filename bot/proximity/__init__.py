"""How near a coach is to who asks, and why: place, organisation, availability. Pure."""
