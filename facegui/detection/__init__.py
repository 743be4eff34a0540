"""Faces: finding them (YuNet), embedding them (SFace), and measuring pose and quality.

May touch OpenCV. Everything here runs without TensorFlow, on one thread, releasing the GIL.
"""
