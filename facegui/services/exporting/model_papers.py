"""What lies beside an exported model: how to feed it, what it answers, its card and licences."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path

from facegui.domain.model_export import Agreement, ModelFormat
from facegui.domain.text import resource_path, tr
from facegui.files import write_atomic
from facegui.network.bundle import Bundle
from facegui.network.export.graph import UNKNOWN
from facegui.network.registry import network
from facegui.services.exporting.model_faces import crop_of
from facegui.services.runs.card_text import card_as_text, model_card

README, CONTRACT, CROP, EXAMPLE = "README.txt", "model.json", "face_crop.py", "example.py"
LABELS, LICENCE = "labels.txt", "Apache-2.0.txt"
PAPERS = (README, CONTRACT, CROP, EXAMPLE, LABELS, LICENCE)

_EXAMPLES = {
    ModelFormat.SAVED_MODEL: "example_saved_model.py",
    ModelFormat.TFLITE: "example_tflite.py",
    ModelFormat.ONNX: "example_onnx.py",
}


def write_papers(
    folder: Path, kind: ModelFormat, bundle: Bundle, path: Path, agreement: Agreement
) -> None:
    """Put everything but the model and its list of labels into *folder*.

    Args:
        folder: of the export.
        kind: its format.
        bundle: what was exported.
        path: where that lies.
        agreement: how the export did.

    Raises:
        StorageFault: the disk refuses.
    """
    texts = {
        README: _readme(kind, bundle, path, agreement),
        CONTRACT: json.dumps(_contract(bundle), indent=1, ensure_ascii=False) + "\n",
        CROP: resource_path("export/face_crop.py").read_text("utf-8"),
        EXAMPLE: resource_path(f"export/{_EXAMPLES[kind]}").read_text("utf-8"),
        LICENCE: resource_path("licences/Apache-2.0.txt").read_text("utf-8"),
    }
    for name, text in texts.items():
        write_atomic(folder / name, text.encode())


def _contract(bundle: Bundle) -> dict[str, object]:
    """What goes in and comes out, for programs; ``face_crop.py`` reads it."""
    info = bundle.info
    crop = crop_of(info.preprocessing)
    return {
        "labels": [*info.labels, UNKNOWN],
        "crop": {
            "kind": crop.kind,
            "side_px": crop.size_px,
            "margin": crop.margin,
            "sampled": info.preprocessing.kind == "embedding",
        },
        "scoring": info.thresholds.scoring.value,
        "thresholds": {name: info.thresholds.of(name) for name in info.labels},
        "network": info.config.network,
        "bundle_sha256": bundle.sha256,
    }


def _readme(kind: ModelFormat, bundle: Bundle, path: Path, agreement: Agreement) -> str:
    parts = [
        (tr("What goes in"), _what_goes_in(kind, bundle)),
        (tr("What comes out"), _what_comes_out(kind)),
        (tr("Try it"), _try_it(kind)),
        (tr("How well it agrees with the model it was made of"), _agrees(agreement)),
        (tr("Licences"), "\n".join(_licences(bundle))),
    ]
    told = "\n\n".join(f"{title}\n{'=' * len(title)}\n{text}" for title, text in parts)
    return f"{told}\n\n{card_as_text(model_card(path))}"


def _what_goes_in(kind: ModelFormat, bundle: Bundle) -> str:
    crop = crop_of(bundle.info.preprocessing)
    size = f"{crop.size_px} × {crop.size_px}"
    cut_out = (
        tr("a square around the box of an upright face")
        if crop.kind == "box"
        else tr("turned and scaled so that eyes, nose and mouth lie where face_crop.py puts them")
    )
    face = tr(
        "One face, not a photo: {size} pixels, {cut_out}. The model does not find faces; "
        "face_crop.py does, with OpenCV.",
        size=size,
        cut_out=cut_out,
    )
    shapes = {
        ModelFormat.SAVED_MODEL: tr(
            "“image_bytes”: strings (n), each the content of a JPEG or PNG file of such a crop. "
            "A picture of another size is scaled to it."
        ),
        ModelFormat.TFLITE: tr("“faces”: uint8 (1, {side}, {side}, 3), RGB.", side=crop.size_px),
        ModelFormat.ONNX: tr("“faces”: uint8 (n, {side}, {side}, 3), RGB.", side=crop.size_px),
    }
    return f"{face}\n{shapes[kind]}"


def _what_comes_out(kind: ModelFormat) -> str:
    lines = [
        tr("“person”: the number of a line of labels.txt, from 0; the last line is “unknown”."),
        tr("“scores”: for everybody but “unknown” in that order; they sum to 1."),
        tr("“similarity” and “threshold”: below its threshold the likeliest person is unknown."),
    ]
    if kind is ModelFormat.SAVED_MODEL:
        lines.insert(0, tr("“name”: who it is, or “unknown”; “names”: whose the scores are."))
    return "\n".join(lines)


def _try_it(kind: ModelFormat) -> str:
    detector = tr(
        "example.py wants the face detector YuNet, the file face_detection_yunet_2023mar.onnx: it "
        "is in the OpenCV Zoo, {url}. On a machine with FaceGUI, “facegui models list” says where "
        "it lies.",
        url="https://github.com/opencv/opencv_zoo/tree/main/models/face_detection_yunet",
    )
    lines = ["python example.py PHOTO face_detection_yunet_2023mar.onnx"]
    if kind is ModelFormat.SAVED_MODEL:
        lines.append(
            'docker run -p 8501:8501 -v "$PWD:/models/faces" -e MODEL_NAME=faces tensorflow/serving'
        )
        lines.append(
            """printf '{"instances":[{"b64":"%s"}]}' "$(base64 < face.jpg | tr -d '\\n')" |"""
        )
        lines.append("  curl -d @- http://localhost:8501/v1/models/faces:predict")
    return "\n".join((detector, "", *(f"    {line}" for line in lines)))


def _agrees(agreement: Agreement) -> str:
    return tr(
        "It was loaded again and asked about {n} real faces: {same} got the same name, and no "
        "score was off by more than {off}.",
        n=agreement.faces,
        same=agreement.same_name,
        off=f"{agreement.most_off:.1e}",
    )


def _licences(bundle: Bundle) -> Iterator[str]:
    yield tr(
        "The model knows the names of its people and numbers that stand for their faces: share it "
        "as you would share their photos."
    )
    if bundle.info.preprocessing.kind == "embedding":
        yield tr(
            "It contains SFace (Yaoyao Zhong and others, OpenCV Zoo), Apache-2.0, converted to "
            "this format."
        )
    if network(bundle.info.config.network).backbone is not None:
        yield tr("It contains a network of Keras Applications, Apache-2.0, with a new head.")
    yield tr("face_crop.py wants YuNet (Shiqi Yu and others, OpenCV Zoo), MIT; it is not in here.")
