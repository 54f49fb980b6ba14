"""What is it about, and what follows from the rules? Pure: no clock, no database, no network."""
