"""What came in, in the writer's own words? This package never judges, stores or answers."""
