"""What holds in a whole box, with its proof: the least value, where it is taken, ranges, and rates that must descend."""
