"""What exists at the start: the data model, readers, checks, balancing, input-output analysis."""
