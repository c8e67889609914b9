"""What breaks: processes killed at any moment, and what must be true afterwards."""
