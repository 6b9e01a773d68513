# SPDX-License-Identifier: GPL-3.0-or-later
"""Particles, run and drawn: what stands in their figures, and that they are held against what a grid has.

Usage: figure_particles_test.py UMKEHR, where UMKEHR is the command.
"""
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "support"))
from figure_results import HEAD, UMKEHR, computed_numbers, labels, solve  # noqa: E402

AXIS = """
[[axis]]
name = "{0}"
from = -2.0
to = 2.0
points = {1}
boundary = "{2}"
"""
LINE = "[law]\na = { mean = [0.5], variance = 0.1 }\nb = { mean = [-0.5], variance = 0.1 }\n"
PLANE = "[law]\na = { mean = [0.5, 0.0], variance = 0.1 }\n"
GRID = '[[task]]\nname = "grid"\nsolve = "fokker-planck"\nmethod = "finite-volume"\ninitial = "a"\n'
VALUE = '[[task]]\nname = "value"\nsolve = "backward-kolmogorov"\nof = "grid"\nterminal = "exp(x)"\n'


def task(name, **keys):
    return f'[[task]]\nname = "{name}"\nsolve = "particles"\n' + "".join(f"{key} = {value}\n"
                                                                         for key, value in keys.items())


class Particles(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def drawn(self, text):
        self.file = solve(self.folder, text)
        self.numbers = computed_numbers(self.file)
        return labels(self.file, self.numbers)

    def test_a_histogram_beside_the_density_of_the_same_law(self):
        drawn = self.drawn(HEAD.format(drift='["x - x^3"]', killing="0") + AXIS.format("x", 40, "absorbing").replace("2.0", "1.6") + LINE
                           + GRID + task("same", initial='"a"', count=20_000, keep=3)
                           + task("other", initial='"b"', count=500))
        for text in ("grid", "particles", "deviation / error", "$t = 1$"):
            self.assertIn(text, drawn["histogram_same"])
        self.assertNotIn("grid", drawn["histogram_other"])
        self.assertIn("grid", drawn["first_passage_same"])
        self.assertIn("upper wall of $x$", drawn["first_passage_same"])
        self.assertIn("$t$", drawn["paths_same"])
        self.assertIn("variance of $x$", drawn["particle_moments"])
        with h5py.File(self.file) as result, h5py.File(self.numbers) as computed:
            numbers, particles, density = computed["histogram same"], result["same"], result["grid/density"][:]
            counted = density * 0.08 * 20_000 >= 100
            expected = (particles["histogram"][:] - density)[counted] / particles["histogram_error"][:][counted]
            np.testing.assert_allclose(numbers["deviation"][:][counted], expected, rtol=1e-12)
            self.assertTrue(np.isnan(numbers["deviation"][:][~counted]).all())
            self.assertLess(abs(np.mean(expected ** 2) - 1), 0.4)
            lost = -np.diff(result["grid/mass"][:])
            np.testing.assert_allclose(numbers["outflow"][:].sum(axis=1)[1:], lost, atol=1e-14)
            left, error = particles["first_passage"][-1], particles["first_passage_error"][-1]
            self.assertTrue((left > 0).all())
            self.assertLess(np.max(abs(left - numbers["outflow"][-1]) / error), 4)
            self.assertNotIn("histogram other", computed)

    def test_an_expectation_and_how_far_it_is_from_the_grid(self):
        drawn = self.drawn(HEAD.format(drift='["-x"]', killing="x^2") + AXIS.format("x", 60, "reflecting") + LINE
                           + GRID + VALUE + task("paid", initial='"a"', count=2000, terminal='"exp(x)"')
                           + task("otherwise", initial='"a"', count=100, terminal='"exp(-x)"')
                           + '[sweep]\n"task.paid.dt" = [0.25, 0.125]\n"task.paid.kill" = ["weights", "branch"]\n'
                           + '"task.otherwise.seed" = [1, 2]\n')
        self.assertNotIn("expectation_otherwise", drawn)
        for text in ("dt", "value", "kill = branch, seed = 1", "deviation from the grid"):
            self.assertIn(text, drawn["expectation_paid"])
        with h5py.File(self.file) as result, h5py.File(self.numbers) as computed:
            value, pairing = result["paid/value"][:], result["value/pairing"][..., -1]
            np.testing.assert_allclose(computed["expected paid/deviation"][:], value - pairing, rtol=1e-12)

    def test_distances_over_the_step(self):
        drawn = self.drawn(HEAD.format(drift='["-x"]', killing="0") + AXIS.format("x", 40, "reflecting") + LINE
                           + task("noise", direction='"reverse"', initial='"a"', count=300, dt=0.5)
                           + task("flow", direction='"flow"', initial='"a"', count=50)
                           + '[sweep]\n"task.noise.dt" = [0.5, 0.25]\n"task.noise.steps" = ["equal", "geometric"]\n')
        for text in ("energy distance", "sliced Wasserstein distance", "steps = geometric", "flow, at most", "dt"):
            self.assertIn(text, drawn["distances_noise"])

    def test_clouds_forward_and_back_make_an_animation(self):
        text = (HEAD.format(drift='["-x", "-y"]', killing="0") + AXIS.format("x", 12, "reflecting")
                + AXIS.format("y", 12, "reflecting") + PLANE + task("there", initial='"a"', count=60, keep="true")
                + task("again", direction='"reverse"', initial='"a"', count=60, keep=40, dt=0.1))
        drawn = self.drawn(text)
        for words in ("there\nforward, $y$", "again\nin reverse, $y$", "$t = 1$"):
            self.assertIn(words, drawn["forgetting"])
        self.assertIn("$t = 0$", drawn["paths_again"])
        self.assertIn("particles, $P(x, y, t)$", drawn["histogram_there"])
        films = []
        for folder in ("a", "b"):
            done = subprocess.run([UMKEHR, "plot", self.file, "-o", self.folder / folder, "--only", "forgetting_film",
                                   "--format", "pdf"], check=True, capture_output=True, text=True)
            self.assertEqual(Path(done.stdout.strip()).name, "forgetting_film.gif")
            films.append((self.folder / folder / "forgetting_film.gif").read_bytes())
            self.assertEqual(len(list((self.folder / folder).iterdir())), 1)
        self.assertEqual(films[0][:6], b"GIF89a")
        self.assertEqual(films[0], films[1])
        self.assertLess(len(films[0]), 3_000_000)

    def test_what_the_flow_does_not_take(self):
        head = HEAD.format(drift='["-x"]', killing="0") + AXIS.format("x", 40, "reflecting") + LINE
        for direction, key, value, said in (("flow", "dt", 0.1, "whose steps adapt"),
                                            ("flow", "steps", '"geometric"', "whose steps adapt"),
                                            ("flow", "scheme", '"heun"', 'must be "runge-kutta"'),
                                            ("forward", "scheme", '"runge-kutta"', "is for the flow alone")):
            text = head + task("p", direction=f'"{direction}"', initial='"a"', count=10, **{key: value})
            (self.folder / "wrong.toml").write_text(text)
            done = subprocess.run([UMKEHR, "run", "wrong.toml", "--dry-run"], cwd=self.folder, capture_output=True,
                                  text=True)
            self.assertEqual(done.returncode, 2, done.stderr)
            self.assertIn(said, done.stderr)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
