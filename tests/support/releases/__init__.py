"""Items as the release before wrote them, and its readers, where the history of the repository is at hand."""
