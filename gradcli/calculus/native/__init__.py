"""Programs as machine code, made by LLVM in each process from the checked program: the bits are those of Python's floats."""
