"""A model in other programs: exported in their formats, or answering them on this machine."""
