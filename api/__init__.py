"""The faces of Lexgate: the HTTP service and the command line. Nobody imports this package."""

__version__ = "0.1.0"
