"""Who comes in: the second step, the provider of the organisation, accounts, and everybody's own page."""
