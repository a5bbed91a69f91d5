"""The reference pages, written from the code: what the code says is what the page says."""
