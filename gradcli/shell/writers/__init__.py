"""An answer or an error → the streams, in the format that was asked for."""
