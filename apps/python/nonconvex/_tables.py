"""Tables of pandas and NumPy as files for the command line, and back."""

import csv
from pathlib import Path


def kind(table):
    """`frame`, `array` or `rows`."""
    module = type(table).__module__.split(".")[0]
    if module == "pandas":
        return "frame"
    return "array" if module == "numpy" else "rows"


def named_rows(frame):
    """True if the index of a frame says more than the places of its rows."""
    return type(frame.index).__name__ != "RangeIndex"


def write(table, folder, name="data"):
    """Writes a table into a folder, and returns its path: a path stays as it is."""
    if isinstance(table, (str, Path)):
        return Path(table)
    path = Path(folder) / f"{name}.csv"
    if kind(table) == "frame":
        table.to_csv(path, index=named_rows(table))
        return path
    if kind(table) == "array":
        table = table.tolist()
    with open(path, "w", newline="", encoding="utf-8") as file:
        csv.writer(file).writerows([["" if is_missing(cell) else cell for cell in row] for row in table])
    return path


def is_missing(cell):
    return cell is None or (isinstance(cell, float) and cell != cell)


def read(path, like):
    """A table that a command wrote, with names or without, in the form of `like`."""
    with open(path, newline="", encoding="utf-8") as file:
        lines = list(csv.reader(file))
    height, width = (like.shape if kind(like) != "rows" else (len(like), len(like[0])))
    rows = [[float(cell) for cell in row[-width:]] for row in lines[-height:]]
    if kind(like) == "frame":
        return type(like)(rows, index=like.index, columns=like.columns)
    if kind(like) == "array":
        import numpy

        return numpy.array(rows)
    return rows
