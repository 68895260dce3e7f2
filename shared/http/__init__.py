"""What every HTTP response needs: problem documents, tokens, cursors, routes."""
