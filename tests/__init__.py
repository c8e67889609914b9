"""Tests mirror the rooms: tests/language for engine/language, and so on."""
