"""The kept faces for other programs."""
