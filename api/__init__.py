"""The faces: HTTP service and command line. Nobody imports them."""
