"""Pictures of losses over many rows: each sample is a pass over all rows, so that there are few of them."""
