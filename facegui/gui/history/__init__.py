"""Edit › History: the owner's steps, newest first, and the way back to any of them."""
