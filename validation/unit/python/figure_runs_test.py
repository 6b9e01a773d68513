# SPDX-License-Identifier: GPL-3.0-or-later
"""Small experiments, run and drawn: which figures there are, and what stands in them.

Usage: figure_runs_test.py UMKEHR, where UMKEHR is the command.
"""
import sys
import tempfile
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "support"))
from figure_results import HEAD, computed_numbers, labels, solve  # noqa: E402


AXIS = """
[[axis]]
name = "{0}"
from = -4.0
to = 4.0
points = {1}
"""
FORWARD = """
[[task]]
name = "{0}"
solve = "fokker-planck"
{2}
initial = {{ gaussian = {{ mean = {1}, covariance = {3} }} }}
"""
TASK = """
[[task]]
name = "{0}"
solve = "{1}"
{2}
"""


class SmallRuns(unittest.TestCase):
    def drawn(self, text):
        with tempfile.TemporaryDirectory() as folder:
            result = solve(Path(folder), text)
            return labels(result, computed_numbers(result))

    def has(self, drawn, **texts):
        for name, expected in texts.items():
            self.assertIn(name, drawn)
            for text in expected:
                self.assertIn(text, drawn[name], name)

    def test_value_pairing_and_control_on_a_line(self):
        drawn = self.drawn(
            HEAD.format(drift='["-x"]', killing="x^2/4") + AXIS.format("x", 48)
            + FORWARD.format("forward", "[1.0]", 'method = "fourier"', "[[0.3]]")
            + TASK.format("back", "backward-kolmogorov", 'of = "forward"\nterminal = "exp(-x^2)"')
            + TASK.format("rough", "backward-kolmogorov", 'terminal = "exp(-x^2)"')
            + TASK.format("other", "backward-kolmogorov", 'terminal = "x"')
            + TASK.format("steer", "hjb", 'terminal = "(x - 1)^2"')
            + TASK.format("again", "hjb", 'terminal = "(x - 1)^2"'))
        self.has(drawn, value=["$J(x, t)$", "back", "rough", "$t = 0$", "$t = 1$"],
                 pairing=["killed mass $M(t_0) - M(t)$",
                          r"$|\langle P, J\rangle(t)\,/\,\langle P, J\rangle(t_0) - 1|$"],
                 value_difference=[r"$|J_a - J_b|\,/\,\max|J_b|$ at $t = 0$", "rough,\nback"],
                 control=[r"$u = -D\,\partial_{x} \lambda$"],
                 lambda_difference=["machine epsilon"])
        self.has(drawn, **{"lambda": [r"$\lambda(x, t)$", "steer"]})
        self.assertNotIn("other,\nback", drawn["value_difference"])  # of another terminal value

    def test_spectrum_beside_kramers_and_the_modes_of_a_density(self):
        drawn = self.drawn(
            HEAD.format(drift='["x - x^3"]', killing="0") + AXIS.format("x", 80)
            + TASK.format("sinc", "spectrum", "count = 4")
            + TASK.format("cells", "spectrum", 'method = "finite-volume"\ncount = 4')
            + FORWARD.format("forward", "[-1.0]", 'method = "fourier"', "[[0.1]]"))
        self.has(drawn, spectrum=[r"eigenvalues $\lambda_n$ of $-L$", r"$|\lambda_n^a - \lambda_n^b|$"],
                 eigenfunctions=[r"$\varphi_n(x)$", "sinc", "cells", "$n = 3$"],
                 modes=[r"$|\langle \varphi_n, P(t)\rangle|$, forward"])
        self.assertTrue(any("Kramers (dotted): 0.166" in text for text in drawn["spectrum"]), drawn["spectrum"])

    def test_maps_in_the_plane(self):
        drawn = self.drawn(
            HEAD.format(drift='["-x + y", "-y - x"]', killing="0") + AXIS.format("x", 16) + AXIS.format("y", 12)
            + TASK.format("back", "backward-kolmogorov", 'terminal = "x"\ntolerance = 1e-3')
            + TASK.format("modes", "spectrum", 'method = "galerkin"\ncount = 4')
            + TASK.format("steer", "hjb", 'terminal = "x^2 + y^2"'))
        self.has(drawn, value_back=["$J(x, y, t)$"], lambda_steer=[r"$\lambda(x, y, t)$"],
                 eigenfunctions_modes=[r"$\mathrm{Re}\,\varphi_n(x, y)$"],
                 spectrum=[r"$\mathrm{Im}\,\lambda_n$"])

    def test_cells(self):
        drawn = self.drawn(TASK.format("row", "cells", """kernel = [[0.5, 0.4], [0.25, 0.6], [0.25, 0.0]]
initial = [0.4, 0.6]
final = [0.5, 0.4, 0.1]
particles = [10, 100, 1000]"""))
        self.has(drawn, cells_row=["$N$", r"$D_{\mathrm{KL}}(h^*\Vert g)$", "from cell $l$", "to cell $k$",
                                   r"$c^*(k, l)/N$", "0"])

    def test_trials_of_cells(self):
        drawn = self.drawn(TASK.format("row", "cells", """kernel = [[0.5, 0.4], [0.5, 0.6]]
initial = [0.4, 0.6]
final = [0.5, 0.5]
particles = [10, 20]
trials = 1000"""))
        self.has(drawn, cells_row=["as often as it is seen", "by trials under the bridge"])

    def test_slices_in_space(self):
        drawn = self.drawn(
            HEAD.format(drift='["-x", "-y", "-z"]', killing="0") + "".join(AXIS.format(axis, 8) for axis in "xyz")
            + TASK.format("back", "backward-kolmogorov", 'terminal = "x"\ntolerance = 1e-3'))
        self.has(drawn, value_back=["$J(x, y, z, t)$", "$z = 0.50$"])

    def test_a_series_of_path_integrals_and_the_finest_of_it_elsewhere(self):
        tasks = [FORWARD.format(f"order_{order}_{steps}", "[1.0]",
                                f'method = "path-integral"\norder = {order}\ndt = {1 / steps}', "[[0.3]]")
                 for order in (1, 2) for steps in (4, 8, 16)]
        drawn = self.drawn(HEAD.format(drift='["-x - x^3/9"]', killing="x^2/4") + AXIS.format("x", 64)
                           + FORWARD.format("truth", "[1.0]", 'method = "fourier"', "[[0.3]]") + "".join(tasks))
        self.has(drawn, path_integral=[r"step $\Delta t$", "1/16", "1/4", r"$\Delta t^{2}$"])
        found = {text[:7]: float(text[9:13]) for text in drawn["path_integral"] if "shortest steps" in text}
        self.assertAlmostEqual(found["order 1"], 1, delta=0.1)
        self.assertAlmostEqual(found["order 2"], 2, delta=0.1)
        self.assertIn("order_2_16", drawn["density"])
        self.assertNotIn("order_2_8", drawn["density"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
