# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures' own arithmetic against reference numbers, and plot.py against good, odd and damaged files."""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path
from types import SimpleNamespace

import h5py
import numpy as np
from scipy.special import erf

FIGURES = Path(__file__).resolve().parents[3] / "experiments" / "figures"
sys.path.insert(0, str(FIGURES))
import choose  # noqa: E402
import exact  # noqa: E402
import formula  # noqa: E402

EXPERIMENT = """
[process]
drift = ["-beta*x/2"]
diffusion = "D"
[process.define]
beta = "1 + sin(2*pi*t)/2"
D = "0.6 + 0.3*cos(2*pi*t)"
[time]
start = 0.0
[[axis]]
name = "x"
[[task]]
name = "a"
solve = "fokker-planck"
initial = { gaussian = { mean = [1.0], covariance = [[0.0]] } }
"""


def write_result(path, times, axes, density, experiment=EXPERIMENT, **more):
    with h5py.File(path, "w") as file:
        file.attrs.update({"title": "A $ title", "source": "umkehr 0", "experiment": experiment})
        group = file.create_group("a")
        for name, values in {"t": times, **axes}.items():
            group[name] = values
            group[name].make_scale(name)
        for name, values in {"density": density, **more}.items():
            group[name] = values
            for k, scale in enumerate(["t", *axes][:np.ndim(values)]):
                group[name].dims[k].attach_scale(group[scale])


def plot(*arguments):
    return subprocess.run([sys.executable, FIGURES / "plot.py", *map(str, arguments)], capture_output=True,
                          text=True)


class ExactLaw(unittest.TestCase):
    def law(self, experiment, times):
        return exact.law(experiment,
                         SimpleNamespace(name="a", axes={"x": None}, times=np.array(times), dimension=1))

    def test_variance_where_noise_and_friction_are_out_of_step(self):
        # From the audit of the paper: true and printed variance at t = 1.25.
        task = SimpleNamespace(name="a", axes={"x": None}, times=np.array([1.25]), dimension=1)
        self.assertAlmostEqual(self.law(EXPERIMENT, [1.25]).covariances[0, 0, 0, 0], 0.45779874, 8)
        self.assertAlmostEqual(exact.printed_variance(EXPERIMENT, task)[0][0], 0.29416439, 8)

    def test_named_process_has_the_reference_moments(self):
        named = EXPERIMENT.replace(EXPERIMENT[:EXPERIMENT.index("[time]")],
                                   '[process]\nname = "vp"\nbeta_min = 0.1\nbeta_max = 20.0\n')
        law = self.law(named, [0.1, 0.5])
        self.assertAlmostEqual(law.means[0, 0, 0], 0.946721798820598, 12)
        self.assertAlmostEqual(law.means[1, 0, 0], 0.28118288079675235, 12)
        self.assertAlmostEqual(law.covariances[1, 0, 0, 0], 0.9209361875468394, 12)

    def test_cell_means_are_differences_of_the_error_function(self):
        law = exact.MixtureLaw(np.ones(1), np.zeros((1, 1, 1)), np.full((1, 1, 1, 1), 0.25))
        edges = np.linspace(-2, 2, 41)
        means = np.diff(0.5 * erf(edges / 0.5 / np.sqrt(2))) / 0.1
        np.testing.assert_allclose(law.cell_means(0, [edges[:-1] + 0.05]), means, rtol=1e-11)

    def test_no_law_for_what_is_not_affine_killed_or_periodic(self):
        for old, new in (("-beta*x/2", "x - x^3"), ('diffusion =', 'killing = "x^2"\ndiffusion ='),
                         ('name = "x"', 'name = "x"\nboundary = "periodic"')):
            self.assertIsNone(self.law(EXPERIMENT.replace(old, new), [1.0]), new)


class Formulas(unittest.TestCase):
    def test_values(self):
        for text, value in (("-2^2", -4), ("2^3^2", 512), ("where(1 < 2, 3, 4)", 3), ("b*2", 6),
                            ("max(1, x)", 5), ("e", np.e)):
            self.assertEqual(formula.evaluate(text, {"x": 5}, {"b": "3"}), value, text)

    def test_nothing_but_formulas(self):
        for text in ("__import__('os')", "x.real", "unknown", "[1]", "1 +", "sin(x=1)", "lambda: 1", "a"):
            with self.assertRaises(ValueError, msg=text):
                formula.evaluate(text, {"x": 1.0}, {"a": "a + 1"})


class Plot(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.file = self.folder / "r.h5"

    def test_equal_files_give_equal_figures(self):
        x = np.linspace(-4, 4, 50)
        density = np.exp(-x ** 2 / 2) * np.ones((4, 1))
        write_result(self.file, np.linspace(0, 1, 4), {"x": x}, density, score_x=-x * np.ones((4, 1)),
                     mass=np.ones(4))
        first, second = (plot(self.file, "-o", self.folder / name) for name in "ab")
        self.assertEqual((first.returncode, first.stderr), (0, ""))
        names = sorted(path.name for path in (self.folder / "a").iterdir())
        self.assertEqual(sorted(Path(line).name for line in first.stdout.split()), names)
        for stem in ("density", "score", "tails", "moments", "mass"):
            self.assertIn(stem + ".svg", names)
        for name in names:
            self.assertEqual((self.folder / "a" / name).read_bytes(), (self.folder / "b" / name).read_bytes(),
                             name)

    def test_one_time_and_nothing_but_nan(self):
        write_result(self.file, [0.5], {"x": np.arange(3.0), "y_1": np.arange(4.0)},
                     np.full((1, 3, 4), np.nan))
        done = plot(self.file, "-o", self.folder / "a", "--format", "svg")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def test_wrong_usage(self):
        self.assertEqual(plot().returncode, 2)
        self.assertEqual(plot(self.file, "--format", "gif").returncode, 2)

    def test_wrong_files(self):
        (self.folder / "text.h5").write_text("not HDF5")
        with h5py.File(self.folder / "foreign.h5", "w") as file:
            file["x"] = 1.0
        for name, words in (("text.h5", "no HDF5"), ("foreign.h5", "not a result"),
                            ("none.h5", "No such file")):
            done = plot(self.folder / name, "-o", self.folder / "out")
            self.assertEqual(done.returncode, 4, name)
            self.assertIn(words, done.stderr)
            self.assertNotIn("Traceback", done.stderr)
            self.assertFalse((self.folder / "out").exists())


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
