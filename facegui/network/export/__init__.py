"""Models for other programs: a bundle as SavedModel, TFLite or ONNX. Engine process only.

One graph says what a model does from pixels to a name (`graph`); every format is written from it,
loaded again, and compared with the bundle's own answers on real faces before it counts (`job`).
"""
