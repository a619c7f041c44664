"""Fails when a file imports from a floor above its own, or from another room of its floor.

Each line of FLOORS is a floor, from the ground up; its rooms are folders, or files without `.rs`. A file belongs to the room
with the longest name that its path begins with. `crate::` and `super::` paths are read, tests and comments are not.
"""

import pathlib
import re
import sys

FLOORS = {
    "src": """
        record parallel
        error
        bytes field query
        container/detect container/extents container/parse container/problem container/writer
        container/contents container/scan
        container/xdf container/rsf
        container
        file
        write
        geo
        table
        lib
    """,
    "grids/src": """
        ip error real parallel kernels gauss
        sphere
        axis geometry nearest levels crs
        projection
        descriptor
        structured cubed radar cloud mesh curvilinear
        yinyang interp
        kinds
        grid
        extent wind crs/of_grid
        regrid
        lib
    """,
    "codecs/src": """
        types cast order options mask
        example
        error
        element
        kernels parallel
        bits
        tokens
        missing integer ieee text quantized turbopack
        ieee_turbo
        decode encode
        lib
    """,
}


def leaves(tree):
    """The paths of a use tree: `a::{b, c::{d, e}}` is a::b, a::c::d, a::c::e."""
    head, brace, rest = tree.strip().partition("{")
    if not brace:
        return [head.split(" as ")[0].strip()]
    depth, start, inner = 0, 0, rest[: rest.rindex("}")] + ","
    paths = []
    for at, char in enumerate(inner):
        depth += (char == "{") - (char == "}")
        if char == "," and depth == 0:
            if inner[start:at].strip():
                paths += [head + path for path in leaves(inner[start:at])]
            start = at + 1
    return paths


def imports(text, module):
    """The modules that a file names, as lists of names from the root of its crate."""
    text = re.split(r"(?m)^#\[cfg\((?:all\()?test[^\n]*\n(?:#\[[^\n]*\n)*(?:pub(?:\([^)]*\))? )?mod \w+ \{", text)[0]
    text = re.sub(r"//.*", "", text)
    uses = re.findall(r"\buse ((?:crate|super)::[^;]*);", text)
    text = re.sub(r"\buse [^;]*;", "", text)
    inline = re.findall(r"\b(?:crate|super)(?:::\w+)+", text)
    for path in [leaf for use in uses for leaf in leaves(use)] + inline:
        names = path.split("::")
        if names[0] == "crate":
            yield names[1:]
        else:
            ups = next(k for k, name in enumerate(names) if name != "super")
            yield module[: len(module) - ups] + names[ups:]


def exports(root):
    """The names that the root of a crate takes from its modules, and the paths there."""
    text = re.sub(r"//.*", "", (root / "lib.rs").read_text())
    uses = re.findall(r"\bpub use (?:self|crate)::([^;]*);", text)
    return {path.split("::")[-1]: path.split("::") for use in uses for path in leaves(use)}


def room_of(names, floors):
    """The longest room that a path leads into."""
    for length in range(len(names), 0, -1):
        room = "/".join(names[:length])
        if room in floors:
            return room
    return "lib"


def main():
    wrong = []
    for root, table in FLOORS.items():
        lines = [line.split() for line in table.strip().splitlines()]
        known = exports(pathlib.Path(root))
        floors = {room: height for height, rooms in enumerate(lines) for room in rooms}
        for path in sorted(pathlib.Path(root).rglob("*.rs")):
            if path.name == "tests.rs":
                continue
            parts = path.relative_to(root).with_suffix("").parts
            module = list(parts[:-1] if parts[-1] in ("mod", "lib") else parts)
            room = room_of(module or ["lib"], floors)
            if room == "lib" and module:
                wrong.append(f"{path}: in no room of the table")
            for names in imports(path.read_text(), module):
                names = known.get(names[0], names)[:1] + names[1:] if names else names
                other = room_of(names, floors)
                higher = floors[other] > floors[room]
                beside = floors[other] == floors[room] and other != room
                if higher or beside:
                    wrong.append(f"{path}: {room} imports {'::'.join(names)}, which is {'above' if higher else 'beside'}")
    print("\n".join(wrong))
    return bool(wrong)


sys.exit(main())
