"""Points where f is not smooth: the ties that meet there, the manifold along which f is smooth, and the ways down from it."""
