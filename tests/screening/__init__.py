"""Screening: names and lists, told as stories. Everybody in them is invented."""
