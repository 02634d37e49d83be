"""Whole programs evaluated in balls: operations by name, given numbers, ends of domains, decimals of results."""
