"""The warehouse over HTTP: who may ask."""
