"""A model answers other programs of this machine over HTTP."""
