"""What exists at the start: the data model, readers, checks, balancing and input-output analysis."""
