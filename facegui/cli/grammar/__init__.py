"""What each verb of the command line takes, by what the verbs are about."""
