"""Compares the positions of grids with those that PROJ and GDAL find from the texts of their projections.

`projections.py PROGRAM`: PROGRAM is the example `projections` of rpnfst-grids, which prints a grid a line. Needs pyproj; GDAL's
`gdaltransform` is asked too if it is there.
"""

import json
import shutil
import subprocess
import sys

import numpy as np
import pyproj

# Degrees: PROJ turns spheres in double precision, GDAL prints 15 digits.
TOLERANCE = 1e-9


def unit(lat, lon):
    lat, lon = np.radians(lat), np.radians(lon)
    return np.array([np.cos(lat) * np.cos(lon), np.cos(lat) * np.sin(lon), np.sin(lat)])


def distance(grid, lat, lon):
    """The largest great-circle distance in degrees."""
    chord = np.linalg.norm(unit(np.array(grid["lat"]), np.array(grid["lon"])) - unit(lat, lon), axis=0)
    return np.degrees(2 * np.arcsin(chord / 2)).max()


def with_proj(grid, crs, x, y):
    geodetic = pyproj.CRS(f"+proj=longlat +R={grid['radius']} +no_defs")
    lon, lat = pyproj.Transformer.from_crs(crs, geodetic, always_xy=True).transform(x, y)
    return distance(grid, lat, lon)


def with_gdal(grid, text, x, y):
    target = f"+proj=longlat +R={grid['radius']} +no_defs"
    lines = "".join(f"{a!r} {b!r}\n" for a, b in zip(x.tolist(), y.tolist()))
    command = ["gdaltransform", "-s_srs", text, "-t_srs", target, "-output_xy"]
    out = subprocess.run(command, input=lines, capture_output=True, text=True, check=True).stdout
    lon, lat = np.array([line.split() for line in out.splitlines()], dtype=float).T
    return distance(grid, lat, lon)


def main():
    lines = subprocess.run(sys.argv[1:2], capture_output=True, text=True, check=True).stdout.splitlines()
    gdal = shutil.which("gdaltransform")
    failed, compared = [], 0
    for grid in map(json.loads, lines):
        x, y = (a.ravel() for a in np.meshgrid(np.array(grid["x"]), np.array(grid["y"])))
        found = {
            "PROJ string": with_proj(grid, pyproj.CRS(grid["proj"]), x, y),
            "WKT": with_proj(grid, pyproj.CRS(grid["wkt"]), x, y),
            "CF": with_proj(grid, pyproj.CRS.from_cf(grid["cf"]), x, y),
        }
        if gdal:
            found["PROJ string, GDAL"] = with_gdal(grid, grid["proj"], x, y)
            found["WKT, GDAL"] = with_gdal(grid, grid["wkt"], x, y)
        compared += len(found)
        print(f"{grid['name']:<24} {max(found.values()):.1e} degrees")
        failed += [f"{grid['name']}: {how}: {off:.1e} degrees" for how, off in found.items() if not off < TOLERANCE]
    if failed or not compared:
        sys.exit("\n".join(failed) or "no grid was compared")
    print(f"{compared} comparisons{'' if gdal else '; GDAL is not there'}")


main()
