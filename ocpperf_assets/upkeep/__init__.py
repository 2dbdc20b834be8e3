"""What keeps a warehouse that nobody looks after from growing without end."""
