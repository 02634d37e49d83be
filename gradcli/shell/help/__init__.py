"""Options with their groups and aliases, and the pages of help that are made of them."""
