"""Experiments on honesty: what lies to the centre cost, what they bring, what finds them out."""
