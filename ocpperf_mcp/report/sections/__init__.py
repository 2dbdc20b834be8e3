"""Sections of a report, each a module: queries and the tables that are made of their rows."""
