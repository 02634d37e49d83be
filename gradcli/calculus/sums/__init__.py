"""Sums of products with exact coefficients: read from expressions, and differentiated."""
