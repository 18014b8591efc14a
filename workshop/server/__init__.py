"""The server: what guards it, its plain pages, its routes, and running it."""
