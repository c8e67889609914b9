"""Parts of the draft of the law on knowing customers."""
