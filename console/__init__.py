"""What do staff and complainants see? Two web applications that show and pass on, and never decide or send."""
