"""Onboarding: a merchant from the application to the last day, told as stories."""
