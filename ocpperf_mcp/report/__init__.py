"""Pages and tables made from the published warehouse."""
