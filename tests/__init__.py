"""The tests mirror the wings of gradcli."""
