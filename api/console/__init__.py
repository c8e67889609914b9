"""The officers' console: pages for people, made on the server, that talk to the public interface and to nothing else."""
