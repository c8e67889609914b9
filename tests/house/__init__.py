"""The rules of the house, kept by reading the source: what a reviewer would otherwise have to notice."""
