"""Compares the licence of every package of the dependency tree with licences.toml, offline."""

import json
import pathlib
import re
import subprocess
import sys
import tomllib

here = pathlib.Path(__file__).parent
allowed = set(tomllib.loads((here / "licences.toml").read_text())["allowed"])


def accepted(expression):
    """Whether a licence expression (SPDX, or the old form with a slash) can be satisfied by allowed licences."""
    tokens = re.findall(r"\(|\)|[^\s()]+", expression.replace("/", " OR "))

    def alternative():
        result = conjunction()
        while tokens and tokens[0] == "OR":
            tokens.pop(0)
            result = conjunction() or result
        return result

    def conjunction():
        result = term()
        while tokens and tokens[0] == "AND":
            tokens.pop(0)
            result = term() and result
        return result

    def term():
        token = tokens.pop(0)
        if token == "(":
            result = alternative()
            tokens.pop(0)
            return result
        if tokens and tokens[0] == "WITH":
            tokens.pop(0)
            token = f"{token} WITH {tokens.pop(0)}"
        return token in allowed

    return alternative()


def core_count():
    """Packages that a program gets with the default features of `rpnfst`."""
    tree = subprocess.run(
        ["cargo", "tree", "--locked", "--offline", "-p", "rpnfst", "-e", "normal", "--prefix", "none", "--no-dedupe"],
        check=True, capture_output=True, text=True,
    ).stdout
    return len({line.split(" (")[0] for line in tree.splitlines() if line})


command = ["cargo", "metadata", "--locked", "--offline", "--format-version", "1", "--all-features"]
metadata = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
refused = [
    f"{package['name']} {package['version']}: {package['license']}"
    for package in metadata["packages"]
    if not package["license"] or not accepted(package["license"])
]
for line in refused:
    print(line, file=sys.stderr)
print(f"licences: {len(metadata['packages'])} packages, {len(refused)} refused; {core_count()} in the default core")
sys.exit(bool(refused))
