"""The model store: pretrained files, fetched on first need, verified by hash, kept on this machine.

`manifest` says what there is and where it comes from, `store` finds or fetches it, `sample` turns
the ORL faces into ordinary photos. Nothing here is trusted before its SHA-256 fits the manifest.
"""

from facegui.weights.manifest import MODELS, ModelFile
from facegui.weights.store import ModelInfo, Store, bundled_dir

__all__ = ["MODELS", "ModelFile", "ModelInfo", "Store", "bundled_dir"]
