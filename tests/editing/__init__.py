"""A pack file under a person's hands."""
