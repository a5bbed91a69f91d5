"""Replanning: an event reopens a dialogue, and as few assignments as possible change."""
