# SPDX-License-Identifier: GPL-3.0-or-later
"""What `umkehr plot` was asked for, and which figures that means."""
import argparse
import difflib
import re
from pathlib import Path

FORMATS = ("png", "svg", "pdf")
INCHES = {"pt": 1 / 72, "in": 1.0, "cm": 1 / 2.54, "mm": 1 / 25.4, "px": 1 / 96}
WIDTH = re.compile(r"\s*(\d+\.?\d*|\.\d+)\s*([a-zA-Z]+)\s*")
NARROWEST, WIDEST = 1.5, 40.0  # inches


class WrongUsage(Exception):
    exit_code = 2


class Parser(argparse.ArgumentParser):
    def error(self, message):
        raise WrongUsage(f"{message}; see umkehr plot --help")


def read(argv):
    parser = Parser(prog="umkehr plot", description="Draw figures of a result file.", allow_abbrev=False)
    parser.add_argument("result", type=Path, help="result file (.h5)")
    parser.add_argument("-o", "--output", type=Path, help="folder; default: beside the result, of its name")
    parser.add_argument("--numbers", type=Path, help="file of what was computed beside the result")
    parser.add_argument("--only", action="append", help="names of figures, with commas between them")
    parser.add_argument("--all", action="store_true", help="every figure, not only those that answer the question")
    parser.add_argument("--list", action="store_true", help="print the names of all figures; draw nothing")
    parser.add_argument("--format", action="append", help="png, svg, pdf; default: png,svg")
    parser.add_argument("--width", help="of every figure, such as 246pt; also in, cm, mm, px")
    parser.add_argument("--no-titles", dest="titles", action="store_false", help="leave out the titles")
    asked = parser.parse_args(argv)
    if asked.all and asked.only:
        raise WrongUsage("--all and --only exclude each other")
    asked.format = _formats(asked.format or ["png,svg"])
    asked.only = None if asked.only is None else _words("--only", asked.only, "names of figures (--list prints them)")
    asked.dots = 96 if asked.width and asked.width.strip().lower().endswith("px") else 200
    asked.width = None if asked.width is None else _inches(asked.width)
    asked.output = asked.output or _folder_of(asked.result)
    return asked


def _folder_of(result):
    return result.with_suffix("") if result.suffix else result.with_name(result.name + "_figures")


def _words(option, texts, allowed):
    words = [word.strip() for text in texts for word in text.split(",")]
    if not all(words):
        raise WrongUsage(f'{option} "{",".join(texts)[:80]}": give {allowed}, with commas between them')
    return list(dict.fromkeys(words))


def _formats(texts):
    allowed = f"one or more of {', '.join(FORMATS)}"
    chosen = _words("--format", [text.lower() for text in texts], allowed)
    for name in chosen:
        if name not in FORMATS:
            raise WrongUsage(f'--format "{name[:80]}": give {allowed}' + _nearest(name, FORMATS))
    return chosen


def _inches(text):
    found = WIDTH.fullmatch(text)
    if not found or found[2].lower() not in INCHES:
        raise WrongUsage(f'--width "{text[:80]}": give a number and one of {", ".join(INCHES)}, such as 246pt')
    width = float(found[1]) * INCHES[found[2].lower()]
    if not NARROWEST <= width <= WIDEST:
        raise WrongUsage(f'--width "{text[:80]}" is {width:.3g} inches; give {NARROWEST:g} to {WIDEST:g} inches, '
                         f"{NARROWEST * 72:g}pt to {WIDEST * 72:g}pt")
    return width


def choose_figures(asked, names, catalogue):
    """A name stands for the figure, or for all figures of its kind: density for density_1, density_2."""
    if asked.only is None:
        return names if asked.all else catalogue.answering(names)
    chosen = []
    for word in asked.only:
        some = [name for name in names if name == word] or [name for name in names if catalogue.kind(name) == word]
        if not some:
            raise WrongUsage(f'--only "{word[:80]}": {asked.result} has no such figure' + _nearest(word, names)
                             + f"; it has {', '.join(names) or 'none'}")
        chosen += some
    return [name for name in names if name in chosen]


def _nearest(word, names):
    near = difflib.get_close_matches(word, names, 1, 0.5)
    return f'; did you mean "{near[0]}"?' if near else ""
