# SPDX-License-Identifier: GPL-3.0-or-later
"""Results written by hand: what is read of them, what is refused, what stands in their figures.

Usage: figure_fields_test.py UMKEHR, where UMKEHR is the command.
"""
import sys
import tempfile
import unittest
from pathlib import Path

import h5py
import numpy as np

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "support"))
from figure_results import labels, numbers_beside, write_group, write_result  # noqa: E402
from figures import catalogue, drawing, result_file  # noqa: E402


class Fields(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory()
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)
        self.file = self.folder / "r.h5"

    def a_result(self, **more):
        x = np.linspace(-4, 4, 50)
        write_result(self.file, np.linspace(0, 1, 4), {"x": x}, np.exp(-x ** 2 / 2) * np.ones((4, 1)), **more)

    def test_one_time_and_nothing_but_nan(self):
        write_result(self.file, [0.5], {"x": np.arange(3.0), "y_1": np.arange(4.0)},
                     np.full((1, 3, 4), np.nan))
        self.assertIn("density_a", labels(self.file))

    def test_only_what_is_drawn_is_read(self):
        self.a_result(mass=np.ones(4), score_x=np.ones((4, 50)))
        found = result_file.read(self.file)
        drawing.apply(dots=40)
        dict(catalogue.figures(found))["density"]()
        read = {name for name, values in found.tasks[0].variables._read.items() if values is not None}
        self.assertEqual(read, {"density"})

    def test_titles_can_be_left_out(self):
        self.a_result()
        self.assertIn(r"A \$ title", labels(self.file)["density"])
        for texts in labels(self.file, titles=False).values():
            self.assertFalse(any("title" in text for text in texts), texts)

    def test_coordinates_that_do_not_ascend_are_refused(self):
        x = np.linspace(-4, 4, 50)
        for name, place, value in (("t", 2, np.nan), ("t", 1, np.inf), ("t", 3, 0.0), ("x", 7, np.nan), ("x", 7, 9.0)):
            axes = {"t": np.linspace(0, 1, 4), "x": x.copy()}
            axes[name][place] = value
            file = self.folder / f"{name}{place}{value}.h5"
            write_result(file, axes["t"], {"x": axes["x"]}, np.ones((4, 50)))
            with self.assertRaisesRegex(result_file.NotAResult, f"^a/{name}: .* index {place + (value == 9.0)} "):
                result_file.read(file)

    def test_bounds_numbers_and_warnings_are_no_figures(self):
        self.a_result()
        with h5py.File(self.file, "a") as file:
            file.attrs["failed"] = "other"
            file["a"].attrs["warnings"] = "a density below zero"
            file["a"]["x_bnds"] = np.ones((50, 2))
            file["a"]["index"] = np.arange(3)
        self.assertEqual(set(labels(self.file)), {"density", "tails"})

    def test_most_probable_path_over_the_density_of_those_that_arrive(self):
        x, t = np.linspace(-2, 2, 40), np.linspace(0, 1, 5)
        density = np.exp(-(x - t[:, None]) ** 2)
        write_result(self.file, t, {"x": x}, density)
        with h5py.File(self.file, "a") as file:
            write_group(file, "back", {"t": t, "x": x}, {"solve": "backward-kolmogorov", "of": "a"}, value=density)
            write_group(file, "way", {"t": t}, {"solve": "most-probable-path"}, path_x=t, action=1.25)
        drawn = labels(self.file)
        self.assertIn(r"$P J / \langle P, J\rangle(x, t)$", drawn["most_probable_path"])
        self.assertIn("way, $A = 1.25$", drawn["most_probable_path"])

    def test_most_probable_path_in_the_plane(self):
        t, x = np.linspace(0, 1, 5), np.linspace(-2, 2, 40)
        potential = {"x": x, "y": x, "potential": x[:, None] ** 4 / 4 + x ** 2}
        for density, numbers, said in ((True, {}, r"$P(x, y)$, mean over $t$"), (True, potential, "mean over $t$"),
                                       (False, potential, "$U$, by "), (False, {}, "$t$ of the points")):
            path = self.folder / f"{density}{len(numbers)}.h5"
            write_result(path, t, {"x": x, "y": x}, np.exp(-x[:, None] ** 2 - x ** 2) * np.ones((5, 1, 1)))
            with h5py.File(path, "a") as file:
                write_group(file, "way", {"t": t}, {"solve": "most-probable-path"}, path_x=t, path_y=t ** 2,
                            action=1.25)
                if not density:
                    del file["a"]
            drawn = labels(path, numbers_beside(path, "way", **numbers))["most_probable_path_plane"]
            self.assertTrue(any(said in text for text in drawn), (said, drawn))
            for text in ("$x$", "$y$", "$t = 0$", "$t = 1$", "way, $A = 1.25$"):
                self.assertIn(text, drawn)

    def test_the_exact_law_is_drawn_where_it_is_known(self):
        self.a_result(score_x=np.ones((4, 50)))
        self.assertNotIn("error", labels(self.file))
        numbers = {"mean_x": np.zeros(4), "variance_x": np.ones(4), "exact_mean_x": np.zeros(4),
                   "exact_variance_x": np.ones(4), "density_error": np.full(4, 1e-3), "score_error": np.full(4, 1e-2),
                   "exact_log_density": np.zeros((4, 50))}
        for printed, said in ((1.0, False), (1.1, True)):
            beside = numbers_beside(self.file, printed_variance=np.full(4, printed), **numbers)
            drawn = labels(self.file, beside)
            self.assertIn("density, relative $L^1$ error", drawn["error"])
            self.assertIn("score, relative $L^2(P)$ error", drawn["error"])
            self.assertIn("exact", drawn["moments"])
            self.assertIn("exact", drawn["tails"])
            self.assertEqual("(2.35) as printed" in drawn["moments"], said)
        self.assertNotIn("exact", labels(self.file, numbers_beside(self.file, mean_x=np.zeros(4),
                                                                   variance_x=np.ones(4)))["moments"])

    def test_tasks_come_in_the_order_of_the_experiment(self):
        self.a_result()
        with h5py.File(self.file, "a") as file:
            file.copy("a", "z")
            file.attrs["tasks"] = np.array([b"z", b"a"])
        self.assertEqual([task.name for task in result_file.read(self.file).tasks], ["z", "a"])


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
