"""Tax: the story of the law, and the life of a tax after it was worked out."""
