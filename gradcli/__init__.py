"""gradcli, the gradient calculator of the shell."""

__version__ = "0.2.0"
