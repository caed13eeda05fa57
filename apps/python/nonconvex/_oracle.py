"""Certificates of a loss in this process: the command line asks through a relay, and this process answers."""

import hmac
import json
import secrets
import socket
import struct
import subprocess
import sys
import threading
from pathlib import Path

from nonconvex._command import NonconvexError, result, words


def exactly(link, count):
    """So many bytes; fewer if the other side has ended."""
    data = bytearray()
    while len(data) < count:
        part = link.recv(min(count - len(data), 1 << 20))
        if not part:
            break
        data += part
    return bytes(data)


def answer(link, objective, least):
    """Answers requests until there are no more. An error of the loss is told to the other side, and raised."""
    width, count = objective.width, objective.dimension
    link.sendall(struct.pack("<4sIIIQd", b"NCVX", 1, width, 0, count, least) + objective.point)
    while len(request := exactly(link, 16 + width * count)) == 16 + width * count:
        word, data = request[:4], request[16:]
        try:
            if word == b"GRAD":
                loss, slope = objective.gradient(data)
                found = struct.pack("<d", loss) + slope
            else:
                found = objective.product(data)
        except BaseException as error:
            text = f"{type(error).__name__}: {error}".encode()[:4096]
            link.sendall(struct.pack("<4sIQ", b"FAIL", 0, len(text)) + text)
            raise
        link.sendall(struct.pack("<4sIQ", word, 0, count) + found)


def accepted(server, token, child):
    """The connection of the relay; None if the command ended before it came."""
    server.settimeout(0.2)
    while True:
        try:
            link, _ = server.accept()
        except socket.timeout:
            if child.poll() is not None:
                return None
            continue
        link.settimeout(10)
        # any program of this machine can connect
        if hmac.compare_digest(exactly(link, len(token)), token):
            link.settimeout(None)
            link.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return link
        link.close()


def certify(objective, least, flags):
    """What `certify --oracle` prints of an objective."""
    token = secrets.token_bytes(32)
    with socket.create_server(("127.0.0.1", 0)) as server:
        relay = [sys.executable, str(Path(__file__).with_name("_relay.py")), str(server.getsockname()[1]), token.hex()]
        oracle = " ".join(json.dumps(word) for word in relay)
        line = words("certify", [], {**flags, "oracle": oracle, "json": True, "quiet": True})
        child = subprocess.Popen(
            line, stdout=subprocess.PIPE, stderr=subprocess.PIPE, stdin=subprocess.DEVNULL, text=True, encoding="utf-8"
        )
        told = []
        listener = threading.Thread(target=lambda: told.extend(child.communicate()))
        listener.start()
        try:
            link = accepted(server, token, child)
            if link is not None:
                with link:
                    try:
                        answer(link, objective, least)
                    except (BrokenPipeError, ConnectionError):
                        pass  # what it has printed says why it ended
        except BaseException:
            child.terminate()
            raise
        finally:
            listener.join()
    try:
        # its name would be the command line of the relay
        return {**result("certify", child.returncode, *told), "network": "a loss in Python"}
    except NonconvexError as error:
        # it names a command line that nobody wrote
        message = str(error).split('": ', 1)[-1] if str(error).startswith("--oracle") else str(error)
        raise NonconvexError(message, error.code) from None
