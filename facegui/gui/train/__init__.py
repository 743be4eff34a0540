"""The Train page: who is learned from, with which network, and a live look at the learning."""
