"""FaceGUI: collect, clean, train and recognise faces, all on the owner's machine.

``from facegui import Recognizer`` is for other people's programs; nothing heavy is imported before.
"""

from importlib import import_module

__version__ = "0.1.0"


def __getattr__(name: str) -> object:
    """`Recognizer`, which stands above everything, while everything reads `__version__` here."""
    if name == "Recognizer":
        return import_module("facegui.recognizer").Recognizer
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
