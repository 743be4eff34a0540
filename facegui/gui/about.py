"""The About box: version, what stays on the machine, whose work is inside."""

from __future__ import annotations

from PySide6.QtWidgets import QMessageBox, QWidget

from facegui import __version__
from facegui.domain.text import tr


def show_about(parent: QWidget) -> None:
    """Show the About box over *parent*."""
    QMessageBox.about(
        parent,
        tr("About FaceGUI"),
        "<h3>FaceGUI {version}</h3><p>{promise}</p><p>{credits}</p>".format(
            version=__version__,
            promise=tr(
                "Photos, names and networks stay on this computer; Google Cloud Vision is off, and "
                "gets photos only after you have agreed to it. The only thing FaceGUI fetches by "
                "itself is the pretrained models it needs, once."
            ),
            credits=tr(
                "Face detection YuNet (MIT) and face embedding SFace (Apache 2.0) from the OpenCV "
                "Zoo; face landmarks and expression from Google MediaPipe (Apache 2.0); sunglasses "
                "from face-classify (MIT); sample photos from AT&T Laboratories Cambridge."
            ),
        ),
    )
