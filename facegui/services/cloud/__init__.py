"""A cloud service asked for faces: only with consent, within bounds, and with a ledger."""
