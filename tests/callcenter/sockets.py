"""A browser's WebSocket against our ASGI application, without a network between them."""

from typing import Any

from asgiref.testing import ApplicationCommunicator

from callcenter.asgi import application


class BrowserSocket(ApplicationCommunicator):
    """Opens `path` with the headers a browser would send."""

    def __init__(self, path: str, *, origin: str = "", cookies: str = "") -> None:
        headers = {"origin": origin, "cookie": cookies}
        super().__init__(application, self._scope(path, {name: text for name, text in headers.items() if text}))

    @staticmethod
    def _scope(path: str, headers: dict[str, str]) -> dict[str, Any]:
        encoded = [(name.encode(), text.encode()) for name, text in headers.items()]
        return {"type": "websocket", "path": path, "headers": encoded, "query_string": b"", "subprotocols": []}

    async def opens(self) -> bool:
        await self.send_input({"type": "websocket.connect"})
        return (await self.receive_output(timeout=60))["type"] == "websocket.accept"

    async def hears(self) -> str:
        return (await self.receive_output(timeout=60))["text"]

    async def leave(self) -> None:
        await self.send_input({"type": "websocket.disconnect", "code": 1001})
        await self.wait(timeout=60)
