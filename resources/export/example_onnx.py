"""Who is in a photo: python example.py PHOTO YUNET.onnx

Needs what face_crop.py needs, and onnxruntime.
"""

import sys
from pathlib import Path

import cv2
import onnxruntime
from face_crop import CONTRACT, face_crops

session = onnxruntime.InferenceSession(str(Path(__file__).parent / "model.onnx"))
crops = face_crops(cv2.imread(sys.argv[1]), sys.argv[2])
if len(crops):
    person, scores = session.run(["person", "scores"], {"faces": crops})
    for index, row in zip(person, scores):
        print(CONTRACT["labels"][index], f"{row.max():.3f}")
