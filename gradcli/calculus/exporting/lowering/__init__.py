"""A program → the same in a language's own instructions: value and partials, told apart at corners and jumps."""
