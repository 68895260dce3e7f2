"""Mends what the emulator gets wrong about streams when it starts again from its saved state."""

import json

from tools.stack.settings import Settings


def forget_positions(settings: Settings) -> None:
    """Forget how far the score function had read the stream.

    MiniStack 1.5.33 saves that position (`dynamodb_stream_positions`) but not the stream's records. After a restart the
    stream is empty and new records count from zero, so as many as were read before would be skipped in silence.
    """
    file = settings.data_dirs["STATE_DIR"] / "lambda.json"
    if not file.exists():
        return
    state = json.loads(file.read_text(encoding="utf-8"))
    state["payload"].pop("dynamodb_stream_positions", None)
    file.write_text(json.dumps(state), encoding="utf-8")
