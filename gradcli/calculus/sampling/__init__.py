"""What pictures need between samples; approximate, and no proof of anything."""
