"""The conversation with a complainant: the story first, then only what is still missing."""
