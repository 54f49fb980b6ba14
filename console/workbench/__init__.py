"""The pages for whoever maintains the rules: read, try, edit, propose, publish, and let rules look on."""
