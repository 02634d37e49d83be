"""What scripts read, made from values and never from their text: JSON, CSV and TSV, one picked value."""

from __future__ import annotations

from gradcli.output.picking import picked, picked_text
from gradcli.output.records import json_text
from gradcli.output.separated import separated

__all__ = ["json_text", "picked", "picked_text", "separated"]
