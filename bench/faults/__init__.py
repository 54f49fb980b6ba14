"""The whole product under fault: real processes and a real database are broken, and what must hold is looked at."""
