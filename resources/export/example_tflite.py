"""Who is in a photo: python example.py PHOTO face_detection_yunet_2023mar.onnx

Needs what face_crop.py needs, and ai-edge-litert.
"""

from pathlib import Path

from ai_edge_litert.interpreter import Interpreter
from face_crop import CONTRACT, asked_for, face_crops

crops = face_crops(*asked_for("python example.py PHOTO face_detection_yunet_2023mar.onnx"))
ask = Interpreter(str(Path(__file__).parent / "model.tflite")).get_signature_runner()
for crop in crops:
    answer = ask(faces=crop[None])
    print(CONTRACT["labels"][answer["person"][0]], f"{answer['scores'].max():.3f}")
