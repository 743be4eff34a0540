"""The window: PySide6 only. Speaks to services and domain; no SQL, Keras or cv2 in here."""
