"""Typed addresses → streams of bytes: what PyArrow's file systems reach, and nothing that was not typed."""
