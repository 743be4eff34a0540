"""The rules page: every limit over what was measured, and the faces on either side of it."""
