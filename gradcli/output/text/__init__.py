"""Words with roles, numbers as text, and text of strangers made safe."""
