"""The constraint families, one module each: an equation, its dual, its page, its test."""
