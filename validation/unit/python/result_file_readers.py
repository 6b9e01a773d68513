# SPDX-License-Identifier: GPL-3.0-or-later
"""A result file as others open it: h5py, xarray with both engines, netCDF4 and ncdump.

Usage: result_file_readers.py UMKEHR, where UMKEHR is the command.
"""
import json
import os
import pathlib
import re
import subprocess
import sys
import tempfile
import unittest
import xml.etree.ElementTree

import h5py
import netCDF4
import numpy
import xarray

UMKEHR = sys.argv.pop(1)

LINE = """
title = "Schrödinger's line"
[process]
name = "ornstein-uhlenbeck"
beta = 1.0
diffusion = 1.0
[time]
start = 0.0
stop = 0.5
save = 11
[[axis]]
name = "x"
from = -6.0
to = 6.0
points = 1024
boundary = "reflecting"
[[task]]
name = "volumes"
solve = "fokker-planck"
dt = 0.01
initial = { gaussian = { mean = [0.5], covariance = [[0.5]] } }
[[task]]
name = "cells"
solve = "fokker-planck"
scheme = "backward-euler"
dt = 0.05
initial = { gaussian = { mean = [0.0], covariance = [[1.0]] } }
"""

PLANE = """
title = "Plane"
[process]
drift = ["-x + y", "-y - x"]
diffusion = "0.5"
[time]
start = 0.0
stop = 0.2
save = 3
[[axis]]
name = "x"
from = -4.0
to = 4.0
points = 48
boundary = "reflecting"
[[axis]]
name = "y"
from = -3.0
to = 5.0
points = 40
boundary = "absorbing"
[[task]]
name = "plane"
solve = "fokker-planck"
dt = 0.02
initial = { gaussian = { mean = [0.5, 0.0], covariance = [[0.3, 0.0], [0.0, 0.4]] } }
"""


SPACE = PLANE.replace("[[task]]", """[[axis]]
name = "z"
from = -3.0
to = 3.0
points = 18
[[task]]""").replace("points = 48", "points = 24").replace("points = 40", "points = 20").replace(
    '"-y - x"]', '"-y - x", "-z"]').replace(
    "mean = [0.5, 0.0], covariance = [[0.3, 0.0], [0.0, 0.4]]",
    "mean = [1.5, 0.5, -0.8], covariance = [[0.3, 0.0, 0.0], [0.0, 0.4, 0.0], [0.0, 0.0, 0.3]]")

SPECTRUM = LINE[:LINE.index("[[task]]")].replace("1024", "128") + """
[[task]]
name = "modes"
solve = "spectrum"
method = "hermite"
count = 4
"""


# The last time of a scene in the eyes of one of VTK's readers, which may abort the interpreter.
VTK = """
import importlib, json, sys
try:
    reader = getattr(importlib.import_module("vtkmodules." + sys.argv[1]), sys.argv[2])()
    from vtkmodules.util.numpy_support import vtk_to_numpy
except ImportError:
    sys.exit(77)
reader.SetFileName(sys.argv[3])
reader.UpdateInformation()
steps = reader.GetExecutive().TIME_STEPS()
information = reader.GetOutputInformation(0)
times = [information.Get(steps, n) for n in range(information.Length(steps))]
reader.UpdateTimeStep(times[-1])
data = reader.GetOutputDataObject(0)
while data.IsA("vtkCompositeDataSet"):
    data = data.GetBlock(0)
fields = data.GetPointData()
arrays = {fields.GetArrayName(n): fields.GetArray(n).GetNumberOfComponents() for n in range(fields.GetNumberOfArrays())}
maximum = data.GetPoint(int(vtk_to_numpy(fields.GetArray("density")).argmax()))
print(json.dumps({"times": len(times), "maximum": maximum, "arrays": arrays}))
"""


def is_scale(dataset):
    return dataset.attrs.get("CLASS") == b"DIMENSION_SCALE"


def run(folder, name, text, threads=1):
    """Solves an experiment and returns its result file."""
    experiment, result = folder / f"{name}.toml", folder / f"{name}-{threads}.h5"
    experiment.write_text(text)
    subprocess.run([UMKEHR, "run", experiment, "-o", result, "--threads", str(threads), "--quiet"], check=True)
    return result


class Readers(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.scratch = tempfile.TemporaryDirectory()
        cls.folder = pathlib.Path(cls.scratch.name)
        cls.line = run(cls.folder, "line", LINE)
        cls.plane = run(cls.folder, "plane", PLANE)

    @classmethod
    def tearDownClass(cls):
        cls.scratch.cleanup()

    def test_h5py_sees_one_scale_an_axis_and_the_root_attributes(self):
        with h5py.File(self.line) as file:
            self.assertEqual(set(file.attrs), {"Conventions", "title", "source", "experiment", "schema_version", "tasks"})
            self.assertEqual([name.decode() for name in file.attrs["tasks"]], ["volumes", "cells"])
            self.assertEqual(file.attrs["Conventions"].decode(), "CF-1.10")
            self.assertEqual(file.attrs["title"].decode(), "Schrödinger's line")
            self.assertRegex(file.attrs["source"].decode(), r"^umkehr \d+\.\d+\.\d+$")
            for group in file.values():
                for variable in group.values():
                    if is_scale(variable):
                        continue
                    scales = [[scale.name for scale in axis.values()] for axis in variable.dims]
                    self.assertTrue(all(len(names) == 1 for names in scales), variable.name)
                    for axis, names in zip(variable.shape, scales):
                        self.assertEqual(file[names[0]].shape, (axis,))

    def test_every_variable_says_what_it_is_and_is_of_doubles(self):
        with h5py.File(self.plane) as file:
            for variable in file["plane"].values():
                self.assertEqual(variable.dtype, numpy.float64)
                self.assertEqual(variable.attrs["units"].decode(), "1")
                self.assertTrue(variable.attrs["long_name"].decode().strip("\0"))
                if not is_scale(variable):
                    self.assertIn("equation", variable.attrs)

    def test_texts_are_utf8_of_fixed_length(self):
        with h5py.File(self.line) as file:
            for name in file.attrs:
                kind = file.attrs.get_id(name).get_type()
                self.assertFalse(kind.is_variable_str(), name)
                self.assertEqual(kind.get_cset(), h5py.h5t.CSET_UTF8)

    def test_large_fields_are_chunked_by_time_and_compressed_small_ones_whole(self):
        with h5py.File(self.line) as file:
            density = file["volumes/density"]
            self.assertEqual(density.chunks[1], density.shape[1])
            self.assertLess(density.chunks[0], density.shape[0])
            self.assertEqual((density.compression, density.shuffle), ("gzip", True))
            self.assertIsNone(file["volumes/mass"].chunks)

    def test_order_of_creation_is_tracked_and_times_are_not(self):
        with h5py.File(self.line) as file:
            ordered = h5py.h5p.CRT_ORDER_TRACKED | h5py.h5p.CRT_ORDER_INDEXED
            for group, first in ((file, b"volumes"), (file["volumes"], b"t")):
                names = []
                group.id.links.iterate(names.append, idx_type=h5py.h5.INDEX_CRT_ORDER)
                self.assertEqual(names[0], first)
            creation = file["volumes/density"].id.get_create_plist()
            self.assertEqual(creation.get_attr_creation_order(), ordered)
            self.assertFalse(creation.get_obj_track_times())

    def test_xarray_opens_each_group_with_both_engines(self):
        for engine in ("netcdf4", "h5netcdf"):
            with self.subTest(engine=engine), xarray.open_dataset(self.plane, group="plane", engine=engine) as data:
                self.assertEqual(data.density.dims, ("t", "x", "y"))
                self.assertEqual(dict(data.sizes), {"t": 3, "x": 48, "y": 40, "bnds": 2})
                numpy.testing.assert_allclose(data.t, [0, 0.1, 0.2], atol=1e-15)
                numpy.testing.assert_allclose(data.x, -4 + (numpy.arange(48) + 0.5) / 6, rtol=1e-14)
                numpy.testing.assert_allclose(data.y, -3 + (numpy.arange(40) + 0.5) / 5, atol=1e-14)
                self.assertEqual(data.mass.dims, ("t",))
                self.assertEqual(data.mass_error.dims, ())
                self.assertEqual(data.density.attrs["units"], "1")
                integral = data.density.sum(("x", "y")) * (8 / 48) * (8 / 40)
                numpy.testing.assert_allclose(integral, data.mass, rtol=1e-12)
            with self.subTest(engine=engine), xarray.open_dataset(self.line, engine=engine) as root:
                self.assertEqual(root.attrs["title"], "Schrödinger's line")
                self.assertIn("[[task]]", root.attrs["experiment"])
                self.assertEqual(list(root.attrs["tasks"]), ["volumes", "cells"])

    def test_cell_means_say_so_and_have_bounds(self):
        with xarray.open_dataset(self.plane, group="plane") as data:
            self.assertEqual(data.density.attrs["cell_methods"], "x: y: mean")
            self.assertNotIn("cell_methods", data.log_density.attrs)
            for axis, low, high, points in (("x", -4, 4, 48), ("y", -3, 5, 40)):
                bounds = data[data[axis].attrs["bounds"]]
                self.assertEqual(bounds.dims, (axis, "bnds"))
                edges = numpy.linspace(low, high, points + 1)
                numpy.testing.assert_allclose(bounds, numpy.stack([edges[:-1], edges[1:]], 1), atol=1e-14)
                numpy.testing.assert_allclose(bounds.mean("bnds"), data[axis], atol=1e-14)
            self.assertNotIn("bounds", data.t.attrs)

    def test_numbers_of_something_are_integers(self):
        spectrum = run(self.folder, "spectrum", SPECTRUM)
        with xarray.open_dataset(spectrum, group="modes") as data:
            self.assertEqual(data.index.dtype, numpy.int64)
            self.assertEqual(list(data.index), [0, 1, 2, 3])
            # Of -L for beta = 1: n beta / 2.
            numpy.testing.assert_allclose(data.eigenvalue, [0, 0.5, 1, 1.5], atol=1e-10)
            self.assertFalse(any("bounds" in data[name].attrs for name in data.variables))

    def test_warnings_are_with_their_task(self):
        warned = run(self.folder, "warned", LINE.replace("covariance = [[0.5]]", "covariance = [[1e-5]]"))
        with h5py.File(warned) as file, xarray.open_dataset(warned, group="volumes") as data:
            warnings = [text.decode() for text in file["volumes"].attrs["warnings"]]
            self.assertTrue(warnings)
            self.assertEqual(numpy.atleast_1d(data.attrs["warnings"]).tolist(), warnings)

    def test_ncdump_prints_dimensions_and_attributes(self):
        text = subprocess.run(["ncdump", "-h", self.plane], check=True, capture_output=True, text=True).stdout
        for part in ("group: plane", "t = 3 ;", "x = 48 ;", "double density(t, x, y) ;", "double mass_error ;",
                     ':Conventions = "CF-1.10" ;', 'density:units = "1" ;'):
            self.assertIn(part, text)

    def test_netcdf_can_append_and_umkehr_still_reads(self):
        copy = self.folder / "appended.h5"
        copy.write_bytes(self.line.read_bytes())
        with netCDF4.Dataset(copy, "a") as file:
            file.history = "looked at"
            extra = file["volumes"].createVariable("extra", "f8", ("t", "x"))
            extra[:] = 2.0
            extra.long_name = "added later"
        with xarray.open_dataset(copy, group="volumes") as data:
            self.assertEqual(data.extra.dims, ("t", "x"))
            self.assertTrue((data.extra == 2).all())
        info = subprocess.run([UMKEHR, "info", copy], check=True, capture_output=True, text=True).stdout
        self.assertIn("added later", info)
        compared = subprocess.run([UMKEHR, "compare", copy, self.line], capture_output=True, text=True)
        self.assertEqual(compared.returncode, 1)
        self.assertIn("missing in the second file", compared.stdout)

    def check_scene(self, result, group, axes):
        """Where a parser puts the density's maximum, and what it takes for the score, at each time."""
        scene = xml.etree.ElementTree.parse(result.with_suffix(".xdmf")).getroot()
        self.assertTrue(scene.get("Version").startswith("3"))
        with h5py.File(result) as file:
            def values(item):
                name, path = item.text.split(":")
                self.assertEqual(name, result.name)
                self.assertEqual(file[path].shape, tuple(map(int, item.get("Dimensions").split())))
                return file[path][()]

            task = file[group]
            grids = scene.findall("Domain/Grid/Grid")
            self.assertEqual([float(grid.find("Time").get("Value")) for grid in grids], list(task["t"]))
            for n, grid in enumerate(grids):
                points = values(grid.find("Geometry/DataItem")).reshape(-1, 3)
                shape = tuple(map(int, grid.find("Topology").get("Dimensions").split()))
                self.assertEqual(len(points), numpy.prod(shape))
                shown = {one.get("Name"): values(one.find("DataItem")) for one in grid.findall("Attribute")}
                self.assertEqual(set(shown), {"density", "log_density", "score"})
                density = task["density"][n]
                where = numpy.unravel_index(density.argmax(), density.shape)
                expected = [task[axis][i] for axis, i in zip(axes, where)] + [0] * (3 - len(axes))
                self.assertEqual(list(points[shown["density"].argmax()]), expected)
                for k, axis in enumerate(axes):
                    numpy.testing.assert_array_equal(shown["score"][..., k].ravel(),
                                                     task[f"score_{axis}"][n].ravel())
            self.assertGreater(len(set(expected[:len(axes)])), len(axes) - 1)

    def test_the_scene_has_the_maximum_where_the_density_has_it(self):
        self.check_scene(self.plane, "plane", "xy")
        self.check_scene(run(self.folder, "space", SPACE), "plane", "xyz")
        self.assertFalse((self.folder / "line-1.xdmf").exists())

    def test_both_readers_of_vtk_agree(self):
        for module, reader in (("vtkIOXdmf2", "vtkXdmfReader"), ("vtkIOXdmf3", "vtkXdmf3Reader")):
            with self.subTest(reader):
                command = [sys.executable, "-c", VTK, module, reader, self.plane.with_suffix(".xdmf")]
                done = subprocess.run(command, capture_output=True, text=True)
                if done.returncode == 77:
                    self.skipTest(f"VTK has no {reader} here; ParaView's has")
                self.assertEqual(done.returncode, 0, done.stderr)
                seen = json.loads(done.stdout.splitlines()[-1])
                with h5py.File(self.plane) as file:
                    density = file["plane/density"][-1]
                    where = numpy.unravel_index(density.argmax(), density.shape)
                    expected = [file["plane/x"][where[0]], file["plane/y"][where[1]], 0]
                self.assertEqual(seen, {"times": 3, "maximum": expected,
                                        "arrays": {"density": 1, "log_density": 1, "score": 3}})

    def test_what_is_not_asked_for_is_not_written(self):
        chosen = run(self.folder, "chosen", PLANE.replace("dt = 0.02", 'dt = 0.02\nwrite = ["density", "score", "mass"]'))
        with h5py.File(chosen) as file, h5py.File(self.plane) as whole:
            names = {name for name, one in file["plane"].items() if not is_scale(one)}
            self.assertEqual(names, {"density", "score_x", "score_y", "mass", "x_bnds", "y_bnds"})
            for name in names:
                numpy.testing.assert_array_equal(file["plane"][name][()], whole["plane"][name][()])
        self.assertIn("score", chosen.with_suffix(".xdmf").read_text())
        self.assertNotIn("log_density", chosen.with_suffix(".xdmf").read_text())

    def test_one_and_two_threads_give_the_same_bytes(self):
        for name, text, once in (("line", LINE, self.line), ("plane", PLANE, self.plane)):
            with self.subTest(name):
                self.assertTrue(once.read_bytes() == run(self.folder, name, text, threads=2).read_bytes())

    def test_nothing_of_the_machine_is_in_the_file(self):
        texts = []
        with h5py.File(self.line) as file:
            texts += [str(value) for value in file.attrs.values()]
            file.visititems(lambda name, item: texts.extend(str(value) for value in item.attrs.values()))
        for secret in (os.uname().nodename, str(self.folder), os.getcwd()):
            self.assertFalse(any(re.search(rf"\b{re.escape(secret)}\b", text) for text in texts), secret)


if __name__ == "__main__":
    unittest.main()
