"""What the pages of reviews, trials and releases have in common."""
