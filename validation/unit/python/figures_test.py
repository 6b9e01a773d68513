# SPDX-License-Identifier: GPL-3.0-or-later
"""The figures' own arithmetic against reference numbers, and the package against good, odd and damaged files."""
import os
import subprocess
import sys
import tempfile
import unittest
import warnings
from pathlib import Path
from types import SimpleNamespace

import h5py
import matplotlib
import numpy as np
from matplotlib.text import Text
from scipy.special import erf

FIGURES = Path(__file__).resolve().parents[3] / "experiments" / "figures"
sys.path.insert(0, str(FIGURES.parent))
from figures import catalogue, drawing, exact, formula, kramers, options, result_file  # noqa: E402

matplotlib.use("Agg")

UMKEHR = sys.argv[1] if len(sys.argv) > 1 else "umkehr"

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
    return subprocess.run([sys.executable, FIGURES, *map(str, arguments)], capture_output=True,
                          text=True)


class ExactLaw(unittest.TestCase):
    def law(self, experiment, times):
        return exact.law(experiment,
                         SimpleNamespace(name="a", axes={"x": None}, times=np.array(times), dimension=1,
                                         solve="fokker-planck"))

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

    def a_result(self, **more):
        x = np.linspace(-4, 4, 50)
        write_result(self.file, np.linspace(0, 1, 4), {"x": x}, np.exp(-x ** 2 / 2) * np.ones((4, 1)), **more)

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
            done = plot(*words, *(["-o", self.folder / "out"] if words else []))
            self.assertEqual(done.returncode, 2, words)
            self.assertIn(said, done.stderr)
            self.assertTrue(done.stderr.startswith("umkehr: "), done.stderr)
        self.assertFalse((self.folder / "out").exists())

    def test_only_what_was_asked_for(self):
        self.a_result(mass=np.ones(4))
        done = plot(self.file, "-o", self.folder / "out", "--only", "moments,density", "--format", "pdf,svg",
                    "--width", "246pt", "--no-titles")
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        self.assertEqual([Path(line).name for line in done.stdout.split()],
                         ["density.pdf", "density.svg", "moments.pdf", "moments.svg"])
        for name in ("density", "moments"):
            self.assertIn('width="246pt"', (self.folder / "out" / (name + ".svg")).read_text())
            self.assertIn(b"/MediaBox [ 0 0 246 ", (self.folder / "out" / (name + ".pdf")).read_bytes())
        listed = plot(self.file, "--list")
        self.assertEqual(listed.stdout.split(), ["density", "tails", "moments", "mass", "error"])

    def test_pixels_are_those_of_the_png(self):
        self.a_result()
        plot(self.file, "-o", self.folder / "out", "--only", "moments", "--format", "png", "--width", "640px")
        header = (self.folder / "out" / "moments.png").read_bytes()[:24]
        self.assertEqual(int.from_bytes(header[16:20], "big"), 640)

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
            write_result(self.file, axes["t"], {"x": axes["x"]}, np.ones((4, 50)))
            done = plot(self.file, "-o", self.folder / "out")
            self.assertEqual(done.returncode, 4, done.stderr)
            for part in (str(self.file), "a/" + name, f"index {place + (value == 9.0)}"):
                self.assertIn(part, done.stderr)
        self.assertFalse((self.folder / "out").exists())

    def test_bounds_numbers_and_warnings_are_no_figures(self):
        self.a_result()
        with h5py.File(self.file, "a") as file:
            file.attrs["failed"] = "other"
            file["a"].attrs["warnings"] = "a density below zero"
            file["a"]["x_bnds"] = np.ones((50, 2))
            file["a"]["index"] = np.arange(3)
        done = plot(self.file, "-o", self.folder / "out", "--format", "svg")
        self.assertEqual((done.returncode, done.stderr), (0, ""))

    def drawn_by(self, environment=None, folder=None):
        """The command, in an environment or a folder of some oddity."""
        done = subprocess.run([UMKEHR, "plot", self.file, "-o", self.folder / "out", "--only", "moments", "--format",
                               "svg"], capture_output=True, text=True, cwd=folder or self.folder,
                              env=os.environ | (environment or {}))
        self.assertEqual((done.returncode, done.stderr), (0, ""))
        return (self.folder / "out" / "moments.svg").read_bytes()

    def test_what_the_user_has_set_changes_nothing(self):
        (self.folder / "r.toml").write_text(
            HEAD.format(drift='["-x"]', killing="0") + AXIS.format("x", 32)
            + FORWARD.format("forward", "[1.0]", "tolerance = 1e-3", "[[0.3]]"))
        subprocess.run([UMKEHR, "run", self.folder / "r.toml", "--quiet"], check=True, capture_output=True)
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

    def test_most_probable_path_over_the_density_of_those_that_arrive(self):
        x, t = np.linspace(-2, 2, 40), np.linspace(0, 1, 5)
        density = np.exp(-(x - t[:, None]) ** 2)
        write_result(self.file, t, {"x": x}, density)
        with h5py.File(self.file, "a") as file:
            write_group(file, "back", "backward-kolmogorov", {"t": t, "x": x}, value=density, of="a")
            write_group(file, "way", "most-probable-path", {"t": t}, path_x=t, action=1.25)
        drawn = labels(self.file)
        self.assertIn(r"$P J / \langle P, J\rangle(x, t)$", drawn["most_probable_path"])
        self.assertIn("way, $A = 1.25$", drawn["most_probable_path"])

    def test_most_probable_path_in_the_plane(self):
        t = np.linspace(0, 1, 5)
        x = np.linspace(-2, 2, 12)
        potential = '[process]\npotential = "x^4/4 - x^2/2 + k*y^2"\n[process.define]\nk = "1 + t"\n'
        for experiment, density, said in ((EXPERIMENT, True, r"$P(x, y)$, mean over $t$"),
                                          (potential, False, "$U$, by "), (EXPERIMENT, False, "$t$ of the points")):
            values = np.exp(-x[:, None] ** 2 - x ** 2) * np.ones((5, 1, 1))
            path = self.folder / f"{density}{len(experiment)}.h5"
            write_result(path, t, {"x": x, "y": x}, values, experiment)
            with h5py.File(path, "a") as file:
                write_group(file, "way", "most-probable-path", {"t": t}, path_x=t, path_y=t ** 2, action=1.25)
                if not density:
                    del file["a"]
            drawn = labels(path)["most_probable_path_plane"]
            self.assertTrue(any(said in text for text in drawn), (said, drawn))
            for text in ("$x$", "$y$", "$t = 0$", "$t = 1$", "way, $A = 1.25$"):
                self.assertIn(text, drawn)


HEAD = """
title = "Small"
[process]
drift = {drift}
diffusion = 0.5
killing = "{killing}"
[time]
start = 0.0
stop = 1.0
save = 5
"""
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


def write_group(file, name, solve, coordinates, of="", **variables):
    group = file.create_group(name)
    group.attrs.update({"solve": solve, "of": of})
    for axis, values in coordinates.items():
        group[axis] = values
        group[axis].make_scale(axis)
    for variable, values in variables.items():
        group[variable] = values
        for k, axis in enumerate(list(coordinates)[:np.ndim(values)]):
            group[variable].dims[k].attach_scale(group[axis])


def labels(file, **look):
    """Figure -> the texts in it, drawn here: a process and its imports for every file would be slow."""
    found = {}
    drawing.apply(dots=40, **look)
    with warnings.catch_warnings():
        warnings.simplefilter("ignore")
        for name, draw in catalogue.figures(result_file.read(file)):
            figure = draw()
            figure.canvas.draw()
            found[name] = [text.get_text() for text in figure.findobj(Text) if text.get_visible()]
    return found


class SmallRuns(unittest.TestCase):
    def drawn(self, text):
        with tempfile.TemporaryDirectory() as folder:
            (Path(folder) / "r.toml").write_text(text)
            run = subprocess.run([UMKEHR, "run", "r.toml", "--quiet", "--threads", "1"], cwd=folder,
                                 capture_output=True, text=True)
            self.assertEqual(run.returncode, 0, run.stderr)
            return labels(Path(folder) / "r.h5")

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


class Choice(unittest.TestCase):
    def test_six_that_answer_the_question(self):
        killing = [f"{kind}_{page}" for page in (1, 2, 3, 4) for kind in ("density", "tails")] + ["moments"] + [
            f"{kind}_{page}" for kind in ("bridge_control", "coupling") for page in (1, 2, 3, 4)] + ["killing"]
        chosen = catalogue.answering(killing)
        self.assertEqual(len(chosen), 6)
        self.assertLessEqual({"killing", "density_1", "bridge_control_1", "coupling_1"}, set(chosen))
        few = ["density", "score", "tails", "moments"]
        self.assertEqual(catalogue.answering(few), few)
        self.assertNotIn("tails", catalogue.answering(few + ["value", "pairing", "value_difference"]))

    def test_a_name_stands_for_its_kind(self):
        names = ["density_a", "density_b", "moments", "difference"]
        asked = SimpleNamespace(only=["density", "moments"], all=False, result="r.h5")
        self.assertEqual(options.choose_figures(asked, names, catalogue), names[:3])
        with self.assertRaisesRegex(options.WrongUsage, "did you mean \"difference\".*density_a, density_b"):
            options.choose_figures(SimpleNamespace(only=["diference"], all=False, result="r.h5"), names, catalogue)


class Kramers(unittest.TestCase):
    def rate(self, process):
        experiment = "[time]\nstart = 0.0\n[process]\n" + process
        return kramers.rate(experiment, SimpleNamespace(dimension=1, axes={"x": np.linspace(-3, 3, 64)}))

    def test_formula(self):
        expected = np.sqrt(2) / np.pi * np.exp(-0.5 / 0.3)
        for process in ('name = "double-well"', 'drift = ["x - x^3"]', 'potential = "x^4/4 - x^2/2"'):
            self.assertAlmostEqual(self.rate(process + "\ndiffusion = 0.3"), expected, 6, process)

    def test_nothing_where_there_are_not_two_wells(self):
        for process in ('drift = ["-x"]', 'drift = ["x^3 - x"]', 'name = "vp"', 'drift = ["x - x^3"]\nkilling = "x"'):
            self.assertIsNone(self.rate(process + "\ndiffusion = 0.3"), process)


if __name__ == "__main__":
    unittest.main(argv=sys.argv[:1])
