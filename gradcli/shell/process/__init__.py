"""This process and its surroundings: streams, files, folders, the terminal, time, memory."""
