"""f, its gradient and its Hessian as functions of the vector that moves, in floats and in balls; bounds."""
