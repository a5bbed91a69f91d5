"""The dialogue: the centre offers, producers propose, and the plan mixes what they proposed."""
