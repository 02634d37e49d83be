"""What ends work that takes too long, and processes whose parent is gone."""
