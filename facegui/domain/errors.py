"""The error tree.

::

    FaceGuiError                 carries a message for the owner, and a remedy
    ├── OwnerError               what the owner gave cannot be used
    │   ├── ImageError           a photo: path, reason, unsupported or broken
    │   ├── LibraryError         a library folder: absent, busy, newer, corrupt, read-only
    │   ├── DatasetError         too few people or faces to train on
    │   └── BundleError          a model bundle: foreign, damaged, hostile
    └── EnvironmentFault         the machine or the network cannot do it now
        ├── ModelUnavailable     a pretrained file is not here and cannot be fetched
        ├── StorageFault         disk full, permission, input/output
        ├── CameraError          no camera, or it went away
        │   ├── CameraStalled    silent for a while; it may go on by itself
        │   └── VideoEnded       a video file has been played to its end
        ├── CloudError           a cloud service refuses, is out of reach, or stays silent
        └── EngineError          the training engine died or stopped answering
            ├── OutOfMemory      or ran out of memory
            └── Diverged         a training's loss is no number any more

    Cancelled                    not an error: the owner pressed Stop and nothing is worth keeping

Anything else that is raised is a bug and reaches the one excepthook.
"""

from __future__ import annotations

from pathlib import Path


class FaceGuiError(Exception):
    """An error with a message that may be shown as it is.

    Attributes:
        message: what happened, to which file, in the owner's language.
        remedy: what the owner can do about it; may be empty.
    """

    def __init__(self, message: str, remedy: str = "") -> None:
        super().__init__(message, remedy)
        self.message = message
        self.remedy = remedy

    def __str__(self) -> str:
        return f"{self.message} {self.remedy}".strip()


class OwnerError(FaceGuiError):
    """The owner's input cannot be used as it is."""


class ImageError(OwnerError):
    """A photo that cannot be read; *unsupported* tells a foreign format from a damaged file."""

    def __init__(
        self, path: Path | str, reason: str, *, unsupported: bool = False, remedy: str = ""
    ) -> None:
        super().__init__(f"{path}: {reason}", remedy)
        self.args = (path, reason)
        self.path = Path(path)
        self.reason = reason
        self.unsupported = unsupported

    def __reduce__(self) -> tuple[object, ...]:
        return (_image_error, (self.path, self.reason, self.unsupported, self.remedy))


def _image_error(path: Path, reason: str, unsupported: bool, remedy: str) -> ImageError:  # noqa: FBT001 - for pickle
    return ImageError(path, reason, unsupported=unsupported, remedy=remedy)


class LibraryError(OwnerError):
    """A library folder that cannot be opened or written."""


class DatasetError(OwnerError):
    """The kept faces do not make a training set."""


class BundleError(OwnerError):
    """A model bundle that is foreign, damaged or refused for safety."""


class EnvironmentFault(FaceGuiError):
    """The machine or the network cannot do this now."""


class ModelUnavailable(EnvironmentFault):
    """A pretrained model file is not on this machine and could not be fetched."""


class StorageFault(EnvironmentFault):
    """The disk is full, or refuses to be read or written."""


class CameraError(EnvironmentFault):
    """A camera, stream or video that gives no pictures; opening it again may help."""


class CameraStalled(CameraError):
    """No picture for a while; the source stays open and reading on may bring the next one."""


class VideoEnded(CameraError):
    """A video file has been played to its end."""


class CloudError(EnvironmentFault):
    """A cloud service gave no answer; *may_be_charged* where it may have done the work anyway."""

    def __init__(self, message: str, remedy: str = "", *, may_be_charged: bool = False) -> None:
        super().__init__(message, remedy)
        self.may_be_charged = may_be_charged


class EngineError(EnvironmentFault):
    """The engine process died, ran out of memory or stopped answering."""


class OutOfMemory(EngineError):
    """The engine had not enough memory, or was killed, most likely for that."""


class Diverged(EngineError):
    """A training's loss is no number any more; a lower learning rate may help."""


class Cancelled(Exception):
    """The job was told to stop and has nothing to keep."""
