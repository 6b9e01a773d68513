# SPDX-License-Identifier: GPL-3.0-or-later
"""The package as a program: options, formats, odd surroundings and wrong files.

Usage: figure_command_test.py UMKEHR, where UMKEHR is the command.
"""
import os
import shutil
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "support"))
from figure_results import FIGURES, UMKEHR, numbers_beside, package, solve, write_result  # noqa: E402

EXPERIMENT = """
[process]
drift = "-x"
diffusion = 0.5
[time]
start = 0.0
stop = 1.0
save = 5
[[axis]]
name = "x"
from = -4.0
to = 4.0
points = 32
[[task]]
solve = "fokker-planck"
tolerance = 1e-3
initial = { gaussian = { mean = [1.0], covariance = [[0.3]] } }
"""


class Command(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.file = self.folder / "r.h5"

    def a_result(self, **more):
        x = np.linspace(-4, 4, 50)
        write_result(self.file, np.linspace(0, 1, 4), {"x": x}, np.exp(-x ** 2 / 2) * np.ones((4, 1)), **more)
        return f"--numbers={numbers_beside(self.file, mean_x=np.zeros(4), variance_x=np.ones(4))}"

    def test_equal_files_give_equal_figures(self):
        numbers = self.a_result(score_x=-np.linspace(-4, 4, 50) * np.ones((4, 1)), mass=np.ones(4))
        first, second = (package(self.file, numbers, "-o", self.folder / name) for name in "ab")
        self.assertEqual((first.returncode, first.stderr), (0, ""))
        names = sorted(path.name for path in (self.folder / "a").iterdir())
        self.assertEqual(sorted(Path(line).name for line in first.stdout.split()), names)
        for stem in ("density", "score", "tails", "moments", "mass"):
            self.assertIn(stem + ".svg", names)
        for name in names:
            self.assertEqual((self.folder / "a" / name).read_bytes(), (self.folder / "b" / name).read_bytes(),
                             name)

    def test_wrong_usage(self):
        self.a_result()
        for words, said in (([], "result"), ([self.file, "--format", "gif"], "png, svg, pdf"),
                            ([self.file, "--format", "svgg"], 'did you mean "svg"'),
                            ([self.file, "--format", ""], "png, svg, pdf"),
                            ([self.file, "--width", "246"], "pt, in, cm, mm, px"),
                            ([self.file, "--width=-3in"], "pt, in, cm, mm, px"),
                            ([self.file, "--width", "9m"], "pt, in, cm, mm, px"),
                            ([self.file, "--width", "1pt"], "108pt"), ([self.file, "--width", "9e9in"], "pt, in"),
                            ([self.file, "--only", "densty"], 'did you mean "density"'),
                            ([self.file, "--only", "density,"], "--list"),
                            ([self.file, "--only", "density", "--all"], "exclude"),
                            ([self.file, "--onl", "density"], "--onl")):
            done = package(*words, *(["-o", self.folder / "out"] if words else []))
            self.assertEqual(done.returncode, 2, words)
            self.assertIn(said, done.stderr)
            self.assertTrue(done.stderr.startswith("umkehr: "), done.stderr)
        self.assertFalse((self.folder / "out").exists())

    def test_only_what_was_asked_for(self):
        numbers = self.a_result(mass=np.ones(4))
        done = package(self.file, numbers, "-o", self.folder / "out", "--only", "moments,density",
                       "--format", "pdf,svg", "--width", "246pt", "--no-titles")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual([Path(line).name for line in done.stdout.split()],
                         ["density.pdf", "density.svg", "moments.pdf", "moments.svg"])
        for name in ("density", "moments"):
            self.assertIn('width="246pt"', (self.folder / "out" / (name + ".svg")).read_text())
            self.assertIn(b"/MediaBox [ 0 0 246 ", (self.folder / "out" / (name + ".pdf")).read_bytes())
        listed = package(self.file, numbers, "--list")
        self.assertEqual(listed.stdout.split(), ["density", "tails", "moments", "mass"])

    def test_pixels_are_those_of_the_png(self):
        package(self.file, self.a_result(), "-o", self.folder / "out", "--only", "moments", "--format", "png",
                "--width", "640px")
        header = (self.folder / "out" / "moments.png").read_bytes()[:24]
        self.assertEqual(int.from_bytes(header[16:20], "big"), 640)

    def drawn_by(self, environment=None, folder=None):
        """The command, in an environment or a folder of some oddity."""
        done = subprocess.run([UMKEHR, "plot", self.file, "-o", self.folder / "out", "--only", "moments", "--format",
                               "svg"], capture_output=True, text=True, cwd=folder or self.folder,
                              env=os.environ | (environment or {}))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return (self.folder / "out" / "moments.svg").read_bytes()

    def test_what_the_user_has_set_changes_nothing(self):
        solve(self.folder, EXPERIMENT)
        usual = self.drawn_by()
        odd = self.folder / "odd"
        odd.mkdir()
        (odd / "matplotlibrc").write_bytes(b"backend: foo\nfont.size: 3\n\xff\xfe")
        for module in ("numpy", "drawing", "io", "h5py"):
            (odd / f"{module}.py").write_text("raise SystemExit('the wrong module')")
        self.assertEqual(self.drawn_by(folder=odd), usual)
        for environment in ({"MPLBACKEND": "foo", "MATPLOTLIBRC": str(odd), "MPLCONFIGDIR": str(odd)},
                            {"PYTHONPATH": str(odd), "PYTHONSTARTUP": str(odd / "io.py"), "PYTHONHOME": str(odd),
                             "PYTHONWARNINGS": "error", "PYTHONOPTIMIZE": "2", "PYTHONINSPECT": "1",
                             "HOME": "/nonexistent", "XDG_CACHE_HOME": "/nonexistent", "LC_ALL": "tr_TR.ISO-8859-9"}):
            self.assertEqual(self.drawn_by(environment), usual, environment)

    def test_an_installed_package_comes_first_and_stays_as_it_was(self):
        solve(self.folder, EXPERIMENT)
        command, installed = self.folder / "bin" / "umkehr", self.folder / "share" / "umkehr" / "figures"
        command.parent.mkdir()
        shutil.copy(UMKEHR, command)
        shutil.copytree(FIGURES, installed, ignore=shutil.ignore_patterns("__pycache__"))
        before = {path.name for path in installed.iterdir()}
        with open(installed / "__init__.py", "a") as file:
            file.write("import sys\nprint('installed', file=sys.stderr)\n")
        done = subprocess.run([command, "plot", self.file, "--list"], capture_output=True, text=True)
        self.assertEqual((done.returncode, done.stderr), (0, "installed\n"))
        self.assertEqual({path.name for path in installed.iterdir()}, before)

    def test_an_experiment_that_cannot_be_read_again_is_drawn_without_numbers(self):
        np.savetxt(self.folder / "x.csv", np.random.default_rng(1).normal(size=40))
        samples = EXPERIMENT.replace("{ gaussian = { mean = [1.0], covariance = [[0.3]] } }",
                                     '{ samples = "x.csv", bandwidth = 0.5 }')
        solve(self.folder, samples)
        self.assertIn("moments", self.listed().stdout.split())
        (self.folder / "x.csv").unlink()
        listed = self.listed()
        self.assertEqual(listed.returncode, 0)
        self.assertIn("density", listed.stdout.split())
        self.assertNotIn("moments", listed.stdout.split())
        self.assertIn("note: figures lack moments", listed.stderr)
        self.assertIn("x.csv", listed.stderr)

    def listed(self):
        return subprocess.run([UMKEHR, "plot", self.file, "--list"], capture_output=True, text=True)

    def test_wrong_files(self):
        (self.folder / "text.h5").write_text("not HDF5")
        with h5py.File(self.folder / "foreign.h5", "w") as file:
            file["x"] = 1.0
        for name, words in (("text.h5", "no HDF5"), ("foreign.h5", "not a result"),
                            ("none.h5", "No such file")):
            done = package(self.folder / name, "-o", self.folder / "out")
            self.assertEqual(done.returncode, 4, name)
            self.assertIn(words, done.stderr)
            self.assertNotIn("Traceback", done.stderr)
            self.assertFalse((self.folder / "out").exists())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
