"""Faces become people's: suggestions, doubts, groups, limits of rules, and the way back."""
