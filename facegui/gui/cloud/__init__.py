"""Google Cloud Vision as another pair of eyes: asking, what it cost, and how far it agrees."""
