"""The models of a library: listed with their cards, compared, taken in and given away."""
