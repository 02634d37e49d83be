"""What a point under constraints is, with a certificate: multipliers, the cone of directions, arcs that can be gone."""
