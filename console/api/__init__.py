"""What other programs see: JSON over HTTP, by tokens with scopes, under /api/v1."""
