"""The people page: suggested names, groups, faces that look wrong, and who has enough."""
