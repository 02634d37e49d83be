"""All zeros of a gradient in a box, by bisection: what is excluded, what holds exactly one, what stays undecided."""
