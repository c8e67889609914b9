"""The pages, one module each; a module tells its routes in `ROUTES`."""
