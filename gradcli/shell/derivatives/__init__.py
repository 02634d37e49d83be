"""A problem → gradients and tables of derivatives, answered one by one or line by line."""
