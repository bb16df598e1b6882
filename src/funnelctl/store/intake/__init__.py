"""Taking in many rows at once: staged, matched with what is known, and written set-wise as one operation."""
