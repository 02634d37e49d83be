"""What people type who come from elsewhere, and what they meant: asked only where a text was refused."""
