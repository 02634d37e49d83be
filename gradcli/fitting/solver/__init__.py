"""Residuals → where the sum of their squares is least: Levenberg–Marquardt, ways around, Newton in balls, the verdict."""
