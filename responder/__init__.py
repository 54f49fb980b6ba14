"""What do we write back? Never decides, never answers a machine, never changes a file."""
