"""FaceGUI: collect, clean, train and recognise faces, all on the owner's machine."""

__version__ = "0.1.0"
