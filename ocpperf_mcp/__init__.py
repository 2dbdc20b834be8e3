"""Everything that reads the published warehouse; nothing here imports the pipeline."""
