"""Look at the page in a browser: `python -m tests.channels.web.dev_server [port]`, over the in-memory Door."""

from __future__ import annotations

import asyncio
import sys

from bot.channels.web.server import server
from tests.channels.web.fakes import FakeDoor, Said, make_app


def listener(text: str) -> list[Said]:
    """A short scripted listener, to see all kinds of lines."""
    return [
        (f"I hear you: {text.strip()[:80]}. That sounds like a lot for one evening.", (), None),
        (
            "One thing that can help now: both feet on the floor, and **name five things you can see**.",
            ("Talk it through", "Reach someone"),
            "from the article, “warning signs”",
        ),
    ]


def main(port: int) -> None:
    door = FakeDoor(script=listener)
    app = make_app(door, public_url=f"http://127.0.0.1:{port}", allowed_embed_origins=(f"http://localhost:{port}",))
    asyncio.run(server(app, app.state.streams, host="127.0.0.1", port=port).serve())


if __name__ == "__main__":
    main(int(sys.argv[1]) if len(sys.argv) > 1 else 8080)
