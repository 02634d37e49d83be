"""Is a gradient right? Claims against the exact partials, and gradcli's own answer along three routes."""
