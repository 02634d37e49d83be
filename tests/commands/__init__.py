"""The commands: options, statuses, streams, terminals."""
