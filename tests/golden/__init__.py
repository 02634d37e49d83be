"""Golden transcripts: what users see, to the letter, in folders named after what they show."""
