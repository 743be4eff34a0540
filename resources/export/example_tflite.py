"""Who is in a photo: python example.py PHOTO YUNET.onnx

Needs what face_crop.py needs, and ai-edge-litert.
"""

import sys
from pathlib import Path

import cv2
from ai_edge_litert.interpreter import Interpreter
from face_crop import CONTRACT, face_crops

ask = Interpreter(str(Path(__file__).parent / "model.tflite")).get_signature_runner()
for crop in face_crops(cv2.imread(sys.argv[1]), sys.argv[2]):
    answer = ask(faces=crop[None])
    print(CONTRACT["labels"][answer["person"][0]], f"{answer['scores'].max():.3f}")
