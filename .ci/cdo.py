"""Times weights of regridding against CDO's, one after the other on one thread: python3 .ci/cdo.py [NI NJ NI NJ]

By hand, on a machine with nothing else to do: .ci/run has no timed tests. Needs CDO (`apt-get install cdo`) and builds the example `weights` of
rpnfst-grids. Prints a table in Markdown for the section "Regridding beside CDO" of docs/benchmarks.md. With --check it fails where weights are
less than 20 (conservative) or 10 (bilinear) times as fast as CDO's. That values are the same is tested elsewhere: grids/tests/it/cdo.rs.

CPU seconds of the whole process, which what else the machine does changes less than the time on the clock. Ours includes applying the weights to one
field; CDO's includes writing them. Each is run three times, in turns; the least counts.
"""

import json
import pathlib
import resource
import subprocess
import sys
import tempfile


def cpu(command):
    """The CPU seconds of a command, and what it printed."""
    before = resource.getrusage(resource.RUSAGE_CHILDREN)
    out = subprocess.run(command, check=True, capture_output=True, text=True).stdout
    after = resource.getrusage(resource.RUSAGE_CHILDREN)
    return after.ru_utime + after.ru_stime - before.ru_utime - before.ru_stime, out


# What is compared: method of ours, operator of CDO, how many times faster we mean to be.
COMPARED = (("conservative", "gencon", 20), ("linear", "genbil", 10))


def main(arguments):
    check = "--check" in arguments
    sizes = [word for word in arguments if word != "--check"] or ["2540", "1290", "1800", "900"]
    root = pathlib.Path(__file__).parent.parent
    build = ["cargo", "build", "--release", "-p", "rpnfst-grids", "--example", "weights", "--message-format", "json"]
    built = subprocess.run(build, check=True, capture_output=True, text=True, cwd=root).stdout
    program = next(m["executable"] for m in map(json.loads, built.splitlines()) if m.get("executable"))
    source, target = f"r{sizes[0]}x{sizes[1]}", f"r{sizes[2]}x{sizes[3]}"
    slow = []
    print(f"{sizes[0]} x {sizes[1]} to {sizes[2]} x {sizes[3]}:\n")
    print("| weights | CDO s | rpnfst s | ratio | million weights |\n|---|---:|---:|---:|---:|")
    with tempfile.TemporaryDirectory() as folder:
        for method, operator, asked in COMPARED:
            weights = f"{folder}/{operator}.nc"
            runs = []
            for _ in range(3):
                theirs, _ = cpu(["cdo", "-s", "-P", "1", f"{operator},{target}", f"-const,1,{source}", weights])
                ours, line = cpu([program, method, *sizes])
                runs.append((theirs, ours, json.loads(line)))
            theirs = min(run[0] for run in runs)
            _, ours, of = min(runs, key=lambda run: run[1])
            ratio = theirs / ours
            print(
                f"| {method}, `{operator}` | {theirs:.3f} | {ours:.3f} | {ratio:.1f} | {of['weights'] / 1e6:.1f} |",
                flush=True,
            )
            if ratio < asked:
                slow.append(f"{operator}: {ratio:.1f}, asked {asked}")
    if check and slow:
        sys.exit("too slow: " + "; ".join(slow))


main(sys.argv[1:])
