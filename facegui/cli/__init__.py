"""The command line: every use case without a window. Never Qt; services and domain only.

`parser` is the grammar, `main` runs what it finds, the verbs are functions in `library`,
`learning`, `using` and `proof`, and `documents` is the JSON that scripts rely on.
"""
