"""Who is in a photo: python example.py PHOTO face_detection_yunet_2023mar.onnx [URL]

Asks TensorFlow Serving at URL, such as http://localhost:8501/v1/models/faces:predict, or loads the
model itself. Needs what face_crop.py needs, and without a URL tensorflow.
"""

import base64
import json
import sys
import urllib.request
from pathlib import Path

import cv2
from face_crop import asked_for, face_crops


def asked_there(jpegs, url):
    """The answers of TensorFlow Serving."""
    instances = [{"b64": base64.b64encode(jpeg).decode()} for jpeg in jpegs]
    request = urllib.request.Request(url, json.dumps({"instances": instances}).encode())
    with urllib.request.urlopen(request, timeout=60) as answer:
        found = json.load(answer)["predictions"]
    return [(each["name"], max(each["scores"])) for each in found]


def asked_here(jpegs):
    """The answers of the model beside this file."""
    import tensorflow as tf

    model = tf.saved_model.load(str(Path(__file__).parent / "1"))
    found = model.signatures["serving_default"](image_bytes=tf.constant(jpegs))
    names = [name.decode() for name in found["name"].numpy()]
    return list(zip(names, found["scores"].numpy().max(axis=1)))


crops = face_crops(*asked_for("python example.py PHOTO face_detection_yunet_2023mar.onnx [URL]"))
quality = [cv2.IMWRITE_JPEG_QUALITY, 95]
jpegs = [cv2.imencode(".jpg", crop[:, :, ::-1], quality)[1].tobytes() for crop in crops]
if jpegs:
    for name, score in asked_there(jpegs, sys.argv[3]) if sys.argv[3:] else asked_here(jpegs):
        print(name, f"{score:.3f}")
