"""Networks: their graphs, what they want as input, and the model bundle on disk.

`registry` lists them; each network is one small file. Keras is imported inside functions only,
and those functions run in the engine process only; `registry` and `bundle` need neither.
"""
