"""Pixels: decoding files, upright RGB, aligned crops, thumbnails, and measures of a face crop.

May touch Pillow, OpenCV and numpy; knows nothing of detectors, libraries or windows.
"""
