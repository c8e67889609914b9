"""Patterns over several events of one subject: their terms, how they are written, and what they may not say."""
