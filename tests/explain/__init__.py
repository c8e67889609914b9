"""What an explanation tells."""
