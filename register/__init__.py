"""What is on file, what is due, who did what? Nothing is overwritten; this package owns all SQL."""
