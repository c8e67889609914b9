"""Parts of the draft of the rules of local ways to pay."""
