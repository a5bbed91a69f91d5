"""The packaged economies and scenarios."""
