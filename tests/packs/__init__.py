"""Packs and their linter: what is read, what is refused, and with which words."""
