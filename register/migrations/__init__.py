"""The history of the tables, one change a file; run by `register.server.migrate`."""
