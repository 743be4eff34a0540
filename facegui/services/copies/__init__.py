"""Copies of one picture: found, grouped, looked at, and kept on one side of a split."""
