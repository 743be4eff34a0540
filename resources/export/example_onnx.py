"""Who is in a photo: python example.py PHOTO face_detection_yunet_2023mar.onnx

Needs what face_crop.py needs, and onnxruntime.
"""

from pathlib import Path

import onnxruntime
from face_crop import CONTRACT, asked_for, face_crops

crops = face_crops(*asked_for("python example.py PHOTO face_detection_yunet_2023mar.onnx"))
session = onnxruntime.InferenceSession(str(Path(__file__).parent / "model.onnx"))
if len(crops):
    person, scores = session.run(["person", "scores"], {"faces": crops})
    for index, row in zip(person, scores):
        print(CONTRACT["labels"][index], f"{row.max():.3f}")
