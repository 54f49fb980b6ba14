"""The pages of a dossier: what is in it, what may be done with it and by whom, and the directory beside it."""
