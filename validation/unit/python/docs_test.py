# SPDX-License-Identifier: GPL-3.0-or-later
"""The pages of docs/ and the README: links lead somewhere, samples are what they say, equations are known.

Usage: docs_test.py UMKEHR, where UMKEHR is the command. Of fenced samples ```toml are checked by `umkehr run --dry-run`,
```cpp stand line for line in a source, ```cmake in a CMakeLists.txt, and what ```sh call exists, with these options.
"""
import pathlib
import re
import shlex
import subprocess
import sys
import tempfile
import unittest

ROOT = pathlib.Path(__file__).resolve().parents[3]
DOCS = ROOT / "docs"
UMKEHR = sys.argv.pop(1)

FENCED = re.compile(r"^```(\w*)\n(.*?)^```$", re.M | re.S)
LINK = re.compile(r"!?\[[^\]]*\]\(([^)\s]+)\)")
PATH = re.compile(r"`((?:grids|solver|experiments|validation|docs|cmake)/[\w./-]+)`")
SYSTEM = {"cmake", "ctest", "cp", "cd", "mkdir", "git", "apt-get"}


def pages():
    return [ROOT / "README.md", *sorted(DOCS.glob("*.md"))]


def text_of(path):
    return path.read_text(encoding="utf-8")


def prose(page):
    return FENCED.sub("", text_of(page))


def samples(language):
    """(name of the page, text) of each fenced block of a language."""
    for page in pages():
        for found, sample in FENCED.findall(text_of(page)):
            if found == language:
                yield page.name, sample


def anchors(page):
    """What headings are called in links: as GitHub and GitLab do."""
    heads = re.findall(r"^#+ (.*)$", prose(page), re.M)
    return {re.sub(r"[^\w\- ]", "", head.lower()).replace(" ", "-") for head in heads}


def broken(page, target):
    name, _, anchor = target.partition("#")
    file = (page.parent / name) if name else page
    if not file.exists():
        return f"{page.name}: {target} leads nowhere"
    if anchor and anchor not in anchors(file):
        return f"{page.name}: {target}: no such heading"
    return None


def lines_of(text):
    return [line.strip() for line in text.splitlines() if line.strip()]


def flat(text):
    """Without indentation and empty lines, each line between two breaks."""
    return "\n" + "\n".join(lines_of(text)) + "\n"


def sources(pattern):
    return [path for top in ("grids", "solver", "experiments", "validation", "docs") for path in (ROOT / top).rglob(pattern)]


def help_of(command):
    done = subprocess.run([*command, "--help"], capture_output=True, text=True)
    return done.stdout if done.returncode == 0 else ""


def unknown_words(line):
    """Of a line of shell: what it names that does not exist."""
    words = shlex.split(line, comments=True)
    words = words[words[0] == "python3":]
    head, options = words[0], [word.split("=")[0] for word in words if word.startswith("--")]
    if head == "make":
        targets = re.search(r"^\.PHONY: (.*)$", text_of(ROOT / "Makefile"), re.M)[1].split()
        return [word for word in words[1:] if "=" not in word and word not in targets]
    if head in ("umkehr", "build/umkehr"):
        return [word for word in options if word not in help_of([UMKEHR, words[1]])]
    if head.endswith(".py"):
        known = help_of([sys.executable, str(ROOT / head)])
        return [word for word in options if word not in known] if known else [head]
    return [] if head in SYSTEM or head.startswith("build/") else [head]


class Pages(unittest.TestCase):
    def test_links_lead_somewhere(self):
        found = [broken(page, target) for page in pages() for target in LINK.findall(prose(page))
                 if not target.startswith(("http://", "https://"))]
        self.assertGreater(len(found), 100)  # the table of equations alone has as many
        self.assertEqual([fault for fault in found if fault], [])

    def test_files_that_are_named_exist(self):
        named = [(page.name, path) for page in pages() for path in PATH.findall(text_of(page)) if "NAME" not in path]
        self.assertGreater(len(named), 20)
        self.assertEqual([(page, path) for page, path in named if not (ROOT / path).exists()], [])

    def test_every_page_is_in_the_index(self):
        listed = LINK.findall(text_of(DOCS / "README.md"))
        self.assertEqual([page.name for page in DOCS.glob("*.md") if page.name not in [*listed, "README.md"]], [])


# What a sample of some tables alone stands in, on an axis or on a space of its own.
PROCESS = """[process]
name = "ornstein-uhlenbeck"
beta = 2
diffusion = 1
[time]
stop = 1.0
save = 5
"""
AXIS = """[[axis]]
name = "x"
from = -8.0
to = 8.0
points = 64
"""


class Samples(unittest.TestCase):
    def test_experiments_can_be_run(self):
        found = list(samples("toml"))
        self.assertGreater(len(found), 1)
        for page, sample in found:
            with tempfile.TemporaryDirectory() as folder:
                whole = sample if "[process]" in sample else PROCESS + ("" if "[space]" in sample else AXIS) + sample
                (pathlib.Path(folder) / "experiment.toml").write_text(whole, encoding="utf-8")
                done = subprocess.run([UMKEHR, "run", "experiment.toml", "--dry-run"], cwd=folder, capture_output=True,
                                      text=True)
            self.assertEqual(done.returncode, 0, f"{page}: {sample}\n{done.stderr}")

    def test_code_stands_in_the_sources(self):
        for language, pattern in (("cpp", "*.[ch]pp"), ("cmake", "CMakeLists.txt")):
            files = [flat(text_of(path)) for path in sources(pattern)]
            found = list(samples(language))
            self.assertGreater(len(found), 0, language)
            for page, sample in found:
                self.assertTrue(any(flat(sample) in text for text in files), f"{page}: no source has\n{sample}")

    def test_commands_exist(self):
        found = list(samples("sh"))
        self.assertGreater(len(found), 1)
        for page, sample in found:
            self.assertEqual([(line, unknown_words(line)) for line in lines_of(sample) if unknown_words(line)], [], page)


class Equations(unittest.TestCase):
    def check(self, root):
        return subprocess.run([sys.executable, DOCS / "equations.py", "--check", "--root", root], capture_output=True,
                              text=True)

    def test_every_citation_is_known_and_the_table_is_new(self):
        done = self.check(ROOT)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)

    def test_what_does_not_fit_is_told(self):
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            for room in ("docs", "solver"):
                (root / room).mkdir()
            (root / "docs" / "equations.txt").write_text(
                "2.6 computed\nforward\n\n2.33a computed\nalso\n\n2.33b computed\nback\n\n4.1 open\nlater\n")
            header = root / "solver" / "some.hpp"
            told = {"// (2.6, 2.33)": "equations.md is not what",
                    "// (2.6, 2.33, 9.1)": "some.hpp cites (9.1), which docs/equations.txt does not know",
                    "// (2.5-2.34)": "(2.6) is said to be computed, but no comment cites it by itself",
                    "// (2.33, and (2.6))\n\n// (2.7)": "equations.md is not what",
                    "// (2.6, 2.33; 2.1)\n/// (4.1)": "(4.1) is said not to be computed, but solver/some.hpp cites it"}
            for comment, words in told.items():
                header.write_text(comment + "\n#pragma once\n")
                done = self.check(root)
                self.assertEqual(done.returncode, 1)
                self.assertIn(words, done.stdout)
            header.write_text("// (2.6, 2.33a)\n#pragma once\nint f();  ///< (2.33b)\nint g();  // (7.7)\n")
            subprocess.run([sys.executable, DOCS / "equations.py", "--root", root], check=True)
            self.assertEqual(self.check(root).returncode, 0)


if __name__ == "__main__":
    unittest.main()
