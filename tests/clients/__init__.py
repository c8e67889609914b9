"""The clients, beside the service that they call."""
