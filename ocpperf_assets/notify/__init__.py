"""Digests of what is new, worse and over, told to chat channels and webhooks."""
