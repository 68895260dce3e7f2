"""What every HTTP answer needs: problem documents, tokens, cursors, routes."""
