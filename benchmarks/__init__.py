"""Speed and size against the alternatives, measured in one run."""
