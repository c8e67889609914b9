"""Training of the classifiers: text written for the project, and one command, `python -m ingest.training`."""
