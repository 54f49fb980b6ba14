"""What is on file, what is due, who did what? Nothing is overwritten, and only this package speaks SQL."""
