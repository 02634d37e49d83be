"""Measurements: gradcli beside its neighbours, in one run, as ratios. Nothing here is a test."""
