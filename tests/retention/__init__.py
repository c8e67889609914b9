"""How long records are kept: the law of the packs, counted by the calendar."""
