"""Copies some cases of a set of grid vectors: python3 trim.py FOLDER NAME CASES_OF_A_KIND, where 0 copies all."""

import json
import pathlib
import sys
import zipfile


def main(folder, name, most):
    source = pathlib.Path(folder)
    listing = json.loads((source / f"{name}.json").read_text())
    seen, kept = {}, []
    for case in listing["cases"]:
        kind = case.get("kind", case.get("grtyp"))
        seen[kind] = seen.get(kind, 0) + 1
        if not most or seen[kind] <= most:
            kept.append(case)
    listing["cases"] = kept
    keys = tuple(case["key"] + "_" for case in kept)
    here = pathlib.Path(__file__).parent
    (here / f"{name}.json").write_text(json.dumps(listing, separators=(",", ":")) + "\n")
    with (
        zipfile.ZipFile(source / f"{name}.npz") as old,
        zipfile.ZipFile(here / f"{name}.npz", "w", zipfile.ZIP_DEFLATED, compresslevel=9) as new,
    ):
        for entry in old.namelist():
            if entry.startswith(keys):
                new.writestr(zipfile.ZipInfo(entry), old.read(entry), zipfile.ZIP_DEFLATED)


main(sys.argv[1], sys.argv[2], int(sys.argv[3]))
