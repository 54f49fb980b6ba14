"""Can it be trusted? The journal and who read what, what is erased when, and the rights of a person."""
