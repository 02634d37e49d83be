"""What a program can be over a whole box."""
