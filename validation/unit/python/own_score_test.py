# SPDX-License-Identifier: GPL-3.0-or-later
"""The example of a score from a file, against the same integral taken here.

Usage: own_score_test.py UMKEHR, where UMKEHR is the command.
"""
import pathlib
import subprocess
import sys
import tempfile
import unittest

import h5py
import numpy

EXAMPLES = pathlib.Path(__file__).resolve().parents[3] / "experiments" / "examples"
sys.path.insert(0, str(EXAMPLES))
import own_score  # noqa: E402

UMKEHR = sys.argv.pop(1)


def exact(x, t):
    """(P, d ln P/dx) of the two bumps under VP."""
    mean = numpy.exp(-0.5 * (0.1 * t + 9.95 * t * t))
    total, slope = 0, 0
    for weight, centre, variance in [(0.35, -1.2, 0.16), (0.65, 0.9, 0.3025)]:
        v = mean ** 2 * variance + 1 - mean ** 2
        part = weight * numpy.exp(-(x - mean * centre) ** 2 / (2 * v)) / numpy.sqrt(2 * numpy.pi * v)
        total, slope = total + part, slope - part * (x - mean * centre) / v
    return total, slope / total


def score_matching(score, start=0.1):
    """1/2 int D int P |S - d ln P/dx|^2 by Gauss-Legendre and the trapezoidal rule."""
    x = numpy.linspace(-7, 7, 1401)
    nodes, weights = numpy.polynomial.legendre.leggauss(40)
    integral = 0
    for t, weight in zip(start + (1 - start) * (nodes + 1) / 2, weights * (1 - start) / 2):
        density, slope = exact(x, t)
        integral += weight * 0.5 * (0.1 + 19.9 * t) * numpy.sum(density * (score(x, t) - slope) ** 2) * (x[1] - x[0])
    return integral


class OwnScore(unittest.TestCase):
    def test_the_example_reads_back_what_its_score_costs(self):
        with tempfile.TemporaryDirectory() as scratch:
            gap = own_score.gap(UMKEHR, pathlib.Path(scratch))
        expected = score_matching(own_score.score)
        self.assertGreater(expected, 1e-5)
        self.assertLess(abs(gap["gap_score_matching"] / expected - 1), 1e-4)
        self.assertLess(abs(gap["gap_action"] / gap["gap_score_matching"] - 1), 1e-8)
        self.assertLess(gap["endpoint_kl"], gap["gap_score_matching"])

    def test_the_example_runs_as_it_is(self):
        done = subprocess.run([sys.executable, EXAMPLES / "own_score.py", UMKEHR], capture_output=True, text=True)
        self.assertEqual(done.returncode, 0, done.stderr)
        self.assertIn("gap_action", done.stdout)

    def test_components_of_a_field_in_the_plane(self):
        # S = -x, -y for a Gaussian at rest: the exact score, no gap; then one component off by a constant.
        experiment = """
[process]
drift = ["-x", "-y"]
diffusion = "2"
[time]
stop = 0.2
save = 2
[[axis]]
name = "x"
from = -6.0
to = 6.0
points = 32
[[axis]]
name = "y"
from = -6.0
to = 6.0
points = 32
[[task]]
solve = "fokker-planck"
name = "forward"
initial = { gaussian = { mean = [0.0, 0.0], covariance = [[1.0, 0.0], [0.0, 1.0]] } }
[[task]]
solve = "action-gap"
name = "gap"
of = "forward"
score = { field = "score.h5", variable = "a/score" }
"""
        with tempfile.TemporaryDirectory() as scratch:
            folder = pathlib.Path(scratch)
            (folder / "plane.toml").write_text(experiment)
            t, x = numpy.linspace(0, 0.2, 3), numpy.linspace(-4, 4, 17)
            with h5py.File(folder / "score.h5", "w") as file:
                group = file.create_group("a")
                group["t"], group["x"], group["y"] = t, x, x
                group["score_x"] = -numpy.broadcast_to(x[:, None], (3, 17, 17))
                group["score_y"] = 0.5 - numpy.broadcast_to(x[None, :], (3, 17, 17))
            command = [UMKEHR, "run", "plane.toml", "--json", "--quiet"]
            done = subprocess.run(command, cwd=folder, capture_output=True, text=True)
            self.assertEqual(done.returncode, 0, done.stderr)
            scalars = own_score.json.loads(done.stdout)["tasks"]["gap"]
        # 1/2 D (1/2)^2 over the time; the model's law stays Gaussian, its mean moves to 1 - exp(-T).
        self.assertAlmostEqual(scalars["gap_score_matching"], 0.25 * 0.2, 9)
        self.assertAlmostEqual(scalars["endpoint_kl"], 0.5 * (1 - numpy.exp(-0.2)) ** 2, 6)


if __name__ == "__main__":
    unittest.main()
