"""Finding copies of one picture: perceptual hashes, all near pairs, groups, and which one to keep.

Pure functions over values; nothing here knows of files or of the library.
"""
