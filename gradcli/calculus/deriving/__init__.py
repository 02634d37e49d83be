"""How the gradient came about: derivations rule by rule, and backpropagation node by node."""
