"""The live page: a camera, a video or a stream, with names on the faces."""
