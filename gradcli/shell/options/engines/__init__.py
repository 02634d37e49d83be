"""The options of engines: where the rows of files are worked on, how many workers, what they hold, and with which keys."""
