"""Where rows are worked on: workers of Dask on this machine that nobody else can talk to, or a cluster that is there."""
