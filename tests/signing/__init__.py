"""Signatures and what is signed."""
