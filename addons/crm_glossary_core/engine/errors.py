class CriterionError(ValueError):
    """A criterion that cannot be used; its message is a sentence for the user."""
