#!/usr/bin/env python3
# SPDX-License-Identifier: GPL-3.0-or-later
"""Which files compute which equation of the paper: docs/equations.txt and the headers' citations, as docs/equations.md.

`equations.py` writes docs/equations.md. `equations.py --check` writes nothing and exits 1, with a line a fault, if that
file is not what would be written, if a comment cites a number that equations.txt does not know, if no file cites a
computed number by itself (the ends of a range count, what lies between does not), or if one cites a number that is said
not to be computed. `--root DIR` looks at another tree.
"""
import argparse
import collections
import pathlib
import re
import sys

ROOMS = ("grids", "solver", "experiments")
NUMBER = r"(?:[2-9]|[A-D])\.\d+[a-d]?"
ITEM = rf"{NUMBER}(?:-{NUMBER})?"
# A parenthesis that opens with numbers: (3.24), (2.26-2.29, 2.33b), (3.22, the running cost), (A.6a).
CITATION = re.compile(rf"\(({ITEM}(?:, {ITEM})*)(?=[),;])")
# What results carry: a text that is numbers and nothing else.
ATTRIBUTE = re.compile(rf'"({ITEM}(?:, {ITEM})*)"')
ENTRY = re.compile(rf"({NUMBER}) (computed|open)")
SECTIONS = {"2": "Stochastic processes", "3": "Transforming probabilities", "4": "Unifying diffusion models",
            "A": "Appendix"}
HEAD = """# Equations

The numbered equations of [arXiv:2310.04490](https://arxiv.org/abs/2310.04490), "Generative Diffusion From An Action
Principle", each in the form that holds, and the files whose comments cite it by itself. *Printed* tells where the
paper's text differs. [equations.py](equations.py) makes this page of [equations.txt](equations.txt) and of the sources'
comments: do not edit it.

{computed} of {all} are computed.
"""


def entries(root):
    """Number -> (state, statement, how it is printed or nothing), in the order of the file."""
    text = (root / "docs" / "equations.txt").read_text(encoding="utf-8")
    lines = [line for line in text.splitlines() if not line.startswith("#")]
    known = {}
    for paragraph in "\n".join(lines).strip().split("\n\n"):
        head, statement, *printed = paragraph.splitlines()
        match = ENTRY.fullmatch(head)
        if not match or len(printed) > 1 or any(not line.startswith("printed: ") for line in printed):
            sys.exit(f"docs/equations.txt: not a number, its state, what it says and how it is printed: {paragraph}")
        known[match[1]] = match[2], statement, printed[0][len("printed: "):] if printed else ""
    return known


def comments(text):
    """The comment that opens a file and those that document what it declares."""
    lines, opening = [], True
    for line in text.splitlines():
        opening = opening and line.startswith("//")
        if opening:
            lines.append(line[2:])
        elif "///" in line:
            lines.append(line.split("///", 1)[1])
    return " ".join(lines)


def named(number, known):
    """2.33 is 2.33a and 2.33b, where these have letters."""
    return [one for one in known if one == number or (one[:-1] == number and one[-1].isalpha())]


def citations(root):
    """(file, number) for each that a comment names, ranges by their ends."""
    for room in ROOMS:
        for path in sorted((root / room).rglob("*.[ch]pp")):
            found = {}
            for group in CITATION.findall(comments(path.read_text(encoding="utf-8"))):
                found.update(dict.fromkeys(re.findall(NUMBER, group)))
            for number in found:
                yield str(path.relative_to(root)), number


def attributes(root):
    """(file, number) for each in the texts that name the equations of a result's variables."""
    for path in sorted((root / "experiments").rglob("*.[ch]pp")):
        for group in ATTRIBUTE.findall(path.read_text(encoding="utf-8")):
            for number in re.findall(NUMBER, group):
                yield str(path.relative_to(root)), number


def cited_by(root, known):
    """Number -> files, and what is wrong with the citations."""
    files, faults = collections.defaultdict(list), []
    for file, number in attributes(root):
        numbers = named(number, known)
        if not numbers:
            faults.append(f"{file} writes the equation {number}, which docs/equations.txt does not know")
        if any(known[one][0] == "open" for one in numbers):
            faults.append(f"{file} writes the equation {number}, which docs/equations.txt says is not computed")
    for file, number in citations(root):
        numbers = named(number, known)
        if not numbers:
            faults.append(f"{file} cites ({number}), which docs/equations.txt does not know")
        for one in numbers:
            if file not in files[one]:
                files[one].append(file)
    for number, (state, _, _) in known.items():
        if state == "computed" and not files[number]:
            faults.append(f"docs/equations.txt: ({number}) is said to be computed, but no comment cites it by itself")
        if state == "open" and files[number]:
            faults.append(f"docs/equations.txt: ({number}) is said not to be computed, but {files[number][0]} cites it")
    return files, faults


def cell(text):
    return text.replace("|", "\\|")


def row(number, entry, files):
    state, statement, printed = entry
    says = statement + (f". *Printed* {printed}" if printed else "")
    where = ", ".join(f"[{file}](../{file})" for file in files) if state == "computed" else "not computed yet"
    return f"| {number} | {cell(says)} | {where} |"


def page(known, files):
    done = sum(state == "computed" for state, _, _ in known.values())
    lines = [HEAD.format(computed=done, all=len(known))]
    for section, title in SECTIONS.items():
        lines += [f"## {section}. {title}", "", "| | says | where |", "| --- | --- | --- |"]
        lines += [row(n, entry, files[n]) for n, entry in known.items() if n.startswith(section + ".")] + [""]
    return "\n".join(lines)


def main():
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    parser.add_argument("--root", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parent.parent)
    parser.add_argument("--check", action="store_true", help="write nothing; exit 1 with what is wrong")
    options = parser.parse_args()
    known = entries(options.root)
    files, faults = cited_by(options.root, known)
    written = options.root / "docs" / "equations.md"
    wanted = page(known, files)
    if not options.check:
        written.write_text(wanted, encoding="utf-8")
    elif not written.exists() or written.read_text(encoding="utf-8") != wanted:
        faults.append("docs/equations.md is not what docs/equations.py writes: run it")
    for fault in faults:
        print(fault)
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
