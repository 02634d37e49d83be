"""What f and its slopes are in a box: intervals and bands, how f runs and bends, and the rate that follows."""
