"""Digests of what is new, worse, over and silent, told to chat channels and webhooks."""
