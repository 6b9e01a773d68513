# SPDX-License-Identifier: GPL-3.0-or-later
"""Results of sweeps as others open them, and what the figures make of them.

Usage: sweep_test.py UMKEHR, where UMKEHR is the command.
"""
import subprocess
import sys
import tempfile
import unittest
import warnings
from pathlib import Path

import h5py
import netCDF4
import numpy as np
import xarray
from matplotlib.text import Text

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "support"))
from figure_results import UMKEHR, computed_numbers  # noqa: E402
from figures import catalogue, drawing, result_file  # noqa: E402

LINE = """
title = "Sweep"
[process]
drift = ["-pull*x"]
diffusion = 1.0
[process.define]
pull = 1.0
[time]
start = 0.0
stop = 1.0
save = 5
[[axis]]
name = "x"
from = -6.0
to = 6.0
points = 96
[law.data]
gaussian = { mean = [1.0], variance = 0.25 }
[[task]]
name = "forward"
solve = "fokker-planck"
method = "fourier"
initial = "data"
"""
VOLUMES = LINE.replace('"fourier"', '"finite-volume"\ndt = 0.05')
PLANE = LINE.replace('["-pull*x"]', '["-pull*x", "-y"]').replace("[1.0]", "[1.0, 0.0]").replace(
    "[law.data]", '[[axis]]\nname = "y"\nfrom = -6.0\nto = 6.0\npoints = 24\n[law.data]').replace(
    "points = 96", "points = 24").replace('"fourier"', '"finite-volume"\ndt = 0.1')
SLICES = LINE.replace('"-pull*x"', '"-x - x^3/9"') + """
[[task]]
name = "slices"
solve = "fokker-planck"
method = "path-integral"
initial = "data"
[sweep]
"task.slices.order" = [1, 2]
"task.slices.dt" = [0.25, 0.125, 0.0625]
"""
BRIDGE = LINE[:LINE.index("[[task]]")] + """
[[task]]
name = "bridge"
solve = "schroedinger-bridge"
initial = "data"
final = { mean = [-1.0], variance = 0.5 }
"""


class Swept(unittest.TestCase):
    def setUp(self):
        self.folder = tempfile.TemporaryDirectory()
        self.addCleanup(self.folder.cleanup)
        self.file = Path(self.folder.name) / "r.h5"

    def solve(self, text, *sweeps):
        (Path(self.folder.name) / "r.toml").write_text(text)
        words = [word for sweep in sweeps for word in ("--sweep", sweep)]
        run = subprocess.run([UMKEHR, "run", "r.toml", "--quiet", *words], cwd=self.folder.name, capture_output=True,
                             text=True)
        self.assertEqual(run.returncode, 0, run.stderr)

    def drawn(self, *names):
        """Figure -> the texts in it, of these."""
        found = {}
        drawing.apply(dots=40)
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            for name, draw in self.figures():
                if name not in names:
                    continue
                figure = draw()
                figure.canvas.draw()
                found[name] = [text.get_text() for text in figure.findobj(Text) if text.get_visible()]
        return found

    def figures(self):
        return catalogue.figures(self.read())

    def read(self):
        return result_file.read(self.file, computed_numbers(self.file))

    def has(self, **texts):
        drawn = self.drawn(*texts)
        for name, expected in texts.items():
            self.assertIn(name, drawn)
            for text in expected:
                self.assertIn(text, drawn[name], name)

    def test_numbers_are_the_coordinate(self):
        self.solve(LINE, "process.define.pull=2,0.5,1", "process.diffusion=1,0.5")
        with xarray.open_dataset(self.file, group="forward") as forward:
            self.assertEqual(forward.density.dims, ("pull", "diffusion", "t", "x"))
            self.assertEqual(forward.pull.values.tolist(), [2, 0.5, 1])
            self.assertEqual(forward.pull.attrs["swept_key"], "process.define.pull")
            last = forward.density.sel(pull=0.5, diffusion=0.5, t=1.0)
            mean = float((last * forward.x).sum() / last.sum())
            self.assertAlmostEqual(mean, np.exp(-0.5), 9)  # of the law in closed form
            self.assertEqual(forward.mass_error.shape, (3, 2))

    def test_words_are_flags(self):
        self.solve(LINE, "process.killing=0,x^2/4,1 - x/9")
        with netCDF4.Dataset(self.file) as file:
            killing = file["forward"]["killing"]
            self.assertEqual(killing[:].tolist(), [0, 1, 2])
            self.assertEqual(np.asarray(killing.flag_values).tolist(), [0, 1, 2])
            self.assertEqual(killing.flag_meanings.split(), ["0", "x_2_4", "1_-_x_9"])
        with h5py.File(self.file) as file:
            self.assertEqual([text.decode() for text in file["forward/killing"].attrs["texts"]],
                             ["0", "x^2/4", "1 - x/9"])
            self.assertEqual([dim[0].name for dim in file["forward/density"].dims],
                             ["/forward/killing", "/forward/t", "/forward/x"])
        self.has(sweep_errors_forward=["killing", "x^2/4", "1 - x/9"], density=["killing = x^2/4"])

    def test_scalars_over_the_key_and_fields_as_one_line_a_value(self):
        self.solve(VOLUMES, "process.diffusion=0.01,0.1,1")
        self.has(sweep_errors_forward=["diffusion", "minimum"], sweep_time_forward=["mass", "entropy", "diffusion = 0.1"],
                 sweep_density_forward=["diffusion = 0.01", "diffusion = 1", "$P(x, t)$", "$t = 1$"])
        (figure,) = [draw for name, draw in self.figures() if name == "sweep_errors_forward"]
        panel = figure().axes[0]
        self.assertEqual(panel.get_xscale(), "log")  # two decades
        self.assertEqual(panel.lines[0].get_xdata().tolist(), [0.01, 0.1, 1])
        (lines,) = [draw for name, draw in self.figures() if name == "sweep_density_forward"]
        drawn_lines = lines().axes[-1].lines
        with h5py.File(self.file) as file:
            for line, values in zip(drawn_lines, file["forward/density"][:, -1]):
                np.testing.assert_array_equal(line.get_ydata(), values)
        self.assertEqual(len(drawn_lines), 3)

    def test_several_keys_many_values_and_the_plane(self):
        self.solve(PLANE, "process.diffusion=" + ",".join(str(0.1 * n) for n in range(1, 10)),
                   "process.define.pull=1,2")
        self.has(sweep_errors_forward=["pull = 2"], sweep_marginals_forward=["marginals of $P$", "pull = 1: $t = 1$"])

    def test_series_of_path_integrals(self):
        self.solve(SLICES)
        drawn = self.drawn("path_integral", "density")
        found = {text[:7]: float(text[9:13]) for text in drawn["path_integral"] if "shortest steps" in text}
        self.assertAlmostEqual(found["order 1"], 1, delta=0.15)
        self.assertAlmostEqual(found["order 2"], 2, delta=0.15)
        self.assertIn("slices, order = 2, dt = 0.0625", drawn["density"])
        self.assertNotIn("slices, order = 2, dt = 0.25", drawn["density"])
        self.assertIn("forward", drawn["density"])

    def test_bridges_under_rates_of_killing(self):
        self.solve(BRIDGE, "task.bridge.killing=0,x^2,1")
        self.has(killing=["$V$ = x^2", "iterations"], bridge_control=["killing = x^2"])

    def test_runs_that_are_missing_are_gaps(self):
        self.solve(LINE, "process.diffusion=0.5,1")
        with h5py.File(self.file, "r+") as file:
            for name in ("density", "mass", "minimum"):
                file["forward"][name][0] = np.nan
        self.assertIn("minimum", self.drawn("sweep_errors_forward")["sweep_errors_forward"])


    def test_runs_in_words_have_the_numbers_of_their_own_experiment(self):
        """The variance at rest is D/2 over the pull, by each run's own law."""
        self.solve(LINE.replace("stop = 1.0", "stop = 9.0"), 'process.drift=["-x"],["-2*x"]')
        (label, found), (other, second) = [(task.name, task.numbers) for task in self.read().tasks]
        self.assertIn("drift = ", label)
        self.assertNotEqual(label, other)
        for numbers, variance in ((found, 0.5), (second, 0.25)):
            self.assertAlmostEqual(numbers["exact_variance_x"][-1], variance, 7)
            self.assertAlmostEqual(numbers["variance_x"][-1], variance, 6)
            self.assertLess(numbers["density_error"][-1], 1e-6)
        self.has(error=[label], moments=["exact"])

    def test_methods_are_held_against_each_other_as_cell_means(self):
        """At the start both have the same law, one as means and one as values, which are farther apart."""
        self.solve(SLICES[:SLICES.index("\n[[task]]\nname = \"slices\"")].replace('"forward"', '"only"'),
                   "task.only.method=fourier,finite-volume")
        (pair,) = self.read().pairs
        self.assertEqual((pair.first.name, pair.second.name), ("method = finite-volume", "method = fourier"))
        with h5py.File(self.file) as file:
            by_fourier, by_volumes = file["only/density"][:, 0]
        self.assertGreater(np.abs(by_volumes - by_fourier).sum() / by_fourier.sum(), 1e-3)
        self.assertLess(pair.numbers["difference"][0], 1e-5)

    def test_bridges_are_held_against_the_one_that_is_not_killed(self):
        self.solve(BRIDGE, "task.bridge.killing=0,x^2,1")
        with h5py.File(self.file) as file:
            density = file["bridge/density"][:]
        away = np.abs(density - density[0]).sum(axis=2) / density[0].sum(axis=1)
        self.assertEqual([task.numbers["killing"] for task in self.read().tasks], ["0", "x^2", "1"])
        np.testing.assert_allclose([task.numbers["unkilled_distance"] for task in self.read().tasks], away.max(axis=1),
                                   rtol=1e-12)

    def test_an_experiment_that_cannot_be_read_again_is_drawn_over_its_keys(self):
        np.savetxt(self.file.with_name("x.csv"), np.random.default_rng(1).normal(size=40))
        self.solve(LINE.replace("gaussian = { mean = [1.0], variance = 0.25 }",
                                'samples = "x.csv"\nbandwidth = 0.5'), "process.killing=0,x^2/4")
        self.assertIn("density", dict(self.figures()))
        self.file.with_name("x.csv").unlink()
        found = dict(self.figures())
        self.assertNotIn("density", found)
        self.assertIn("sweep_density_forward", found)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
