"""The clusters that are collected: the one of the settings, or those of a file."""
