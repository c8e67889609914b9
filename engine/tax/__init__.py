"""Consumption tax at payment time: who taxes a supply, how much, under which article, and why not where nothing is due."""
