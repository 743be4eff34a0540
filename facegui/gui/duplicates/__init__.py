"""The page of copies: groups at the left, the members of one group side by side."""
