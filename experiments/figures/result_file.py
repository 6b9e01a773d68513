# SPDX-License-Identifier: GPL-3.0-or-later
"""A result file as figures see it: tasks with their axes, times and variables, and the numbers that `umkehr plot`
computed beside them (experiments/tasks/figure_numbers/figure_numbers.hpp says which)."""
import io
from collections.abc import Mapping
from dataclasses import dataclass, field

import h5py
import numpy as np

from . import swept

MAIN = {"backward-kolmogorov": "value", "spectrum": "eigenfunction", "hjb": "value",
        "most-probable-path": "path", "particles": "histogram"}
OF_PARTICLES = ("position", "position_weight", "first_passage", "first_passage_error")
SCENE = "xdmf-scene"  # views of the fields for ParaView
TRUSTED = 1e-10  # of its maximum: below, a score is not trusted
DRAWN_OF_CELLS = ("frequency", "frequency_error", "sampled_rate", "sampled_rate_error")  # where there are trials


class NotAResult(Exception):
    """The file cannot be read or was not written by umkehr."""


class Variables(Mapping):
    """Arrays of a group by their names, each read when it is first asked for."""

    def __init__(self, group, names):
        self._group, self._read = group, dict.fromkeys(names)

    def __getitem__(self, name):
        if self._read[name] is None:
            self._read[name] = np.asarray(self._group[name], float)
        return self._read[name]

    def rows(self, name, indices):
        """{index: values} of a field at some of its times, the rest of which need not be read."""
        rows = self._group[name] if self._read[name] is None else self._read[name]
        return {index: np.asarray(rows[index], float) for index in indices}

    def __contains__(self, name):
        return name in self._read

    def __iter__(self):
        return iter(self._read)

    def __len__(self):
        return len(self._read)


@dataclass(eq=False)
class Task:
    name: str
    axes: dict                                      # name -> centres of the cells, in the order of the fields
    times: np.ndarray                               # of a spectrum: the numbers of the eigenvalues
    variables: Mapping = field(default_factory=dict)  # name -> array
    attributes: dict = field(default_factory=dict)
    numbers: dict = field(default_factory=dict)     # name -> array or text

    @property
    def solve(self):
        return self.attributes.get("solve", "fokker-planck")

    @property
    def dimension(self):
        return len(self.axes)

    def cell(self):
        """Volume of a cell."""
        return np.prod([(x[-1] - x[0]) / (len(x) - 1) if len(x) > 1 else 1.0 for x in self.axes.values()])

    def log_density(self):
        if "log_density" in self.variables:
            return self.variables["log_density"]
        with np.errstate(divide="ignore", invalid="ignore"):
            return np.log(np.where(self.variables["density"] > 0, self.variables["density"], np.nan))

    def trusted(self):
        """Where the density exceeds 1e-10 of its maximum at that time."""
        density = self.variables["density"]
        flat = density.reshape(len(density), -1)
        with np.errstate(invalid="ignore"):
            least = TRUSTED * np.nan_to_num(flat).max(axis=1, keepdims=True)
            return (flat > least).reshape(density.shape)


@dataclass
class Scan:
    """A spectrum for several strengths of the noise."""
    name: str
    noise: np.ndarray
    variables: dict


@dataclass
class Cells:
    """Schroedinger's cells: the most probable table, and probabilities over the number of particles."""
    name: str
    particles: np.ndarray
    variables: dict


@dataclass
class Gap:
    """The action gap of one score."""
    name: str
    score: str                                      # as it was written
    scalars: dict


@dataclass
class Pair:
    """Two tasks that solve one problem, the second by the more accurate method."""
    first: Task
    second: Task
    of: str                                         # the variable that is compared
    numbers: dict


@dataclass
class Result:
    title: str
    tasks: list                                     # those that hold a density
    groups: list = field(default_factory=list)      # all, in the order of the file
    scans: list = field(default_factory=list)
    cells: list = field(default_factory=list)
    gaps: list = field(default_factory=list)
    pairs: list = field(default_factory=list)
    swept: list = field(default_factory=list)       # groups of a sweep, with all of their runs
    expected: dict = field(default_factory=dict)    # name of particles -> numbers of their expectation on a grid

    def of(self, solve):
        return [group for group in self.groups if group.solve == solve]


def _text(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _axis_names(dataset):
    """Names of the scales attached to a field, or None where one has none."""
    return [dimension[0].name.rsplit("/", 1)[-1] if len(dimension) else None for dimension in dataset.dims]


def _main_variable(group):
    """Its shape is that of the task's fields."""
    usual = MAIN.get(_text(group.attrs.get("solve", "")), "density")
    if usual == "histogram" and usual not in group:
        return "weight"  # in many dimensions there are no cells
    return next((name for name in group if name.startswith("path_")), "") if usual == "path" else usual


def _coordinate(name, group, axis):
    """Its values, which are finite and ascend."""
    values = np.asarray(group[axis], float)
    if values.ndim != 1 or not len(values):
        raise NotAResult(f"{name}/{axis} is no list of coordinates")
    wrong = np.flatnonzero(~np.isfinite(values))
    if len(wrong):
        raise NotAResult(f"{name}/{axis}: the value at index {wrong[0]} is {values[wrong[0]]}; it must be finite")
    wrong = np.flatnonzero(np.diff(values) <= 0) + 1
    if len(wrong):
        raise NotAResult(f"{name}/{axis}: the value at index {wrong[0]} is {values[wrong[0]]:.17g} after "
                         f"{values[wrong[0] - 1]:.17g}; values must ascend")
    return values


def _read_task(name, group):
    main = _main_variable(group)
    fields = group.get(main) if main else None
    if not isinstance(fields, h5py.Dataset) or fields.ndim < (1 if main.startswith(("path_", "weight")) else 2):
        return None
    names = _axis_names(fields)
    if names[0] not in ("t", "index") or None in names or any(axis not in group for axis in names):
        raise NotAResult(f"{name}/{main} has an axis without coordinates")
    coordinates = {axis: _coordinate(name, group, axis) for axis in names}
    if fields.shape != tuple(len(values) for values in coordinates.values()):
        raise NotAResult(f"{name}/{main} does not have the shape of its axes")
    # A field of another shape belongs to another figure, but for the joint density of the ends.
    allowed = {fields.shape, fields.shape[:1], ()}
    shapes = {key: item.shape for key, item in group.items()
              if key not in coordinates and not key.endswith("bnds")
              and isinstance(item, h5py.Dataset) and item.dtype.kind in "fiu"}
    variables = Variables(group, [key for key, shape in shapes.items() if shape in allowed
                                  or (key == "coupling" and shape == 2 * fields.shape[1:])
                                  or (key in OF_PARTICLES and shape[:1] == fields.shape[:1])])
    times = coordinates.pop(names[0])
    return Task(name, coordinates, times, variables,
                {key: _text(value) for key, value in group.attrs.items()})


def _read_scan(name, group):
    if not {"diffusion", "eigenvalue"} <= set(group):
        return None
    noise = _coordinate(name, group, "diffusion")
    variables = {key: np.asarray(group[key], float) for key in ("eigenvalue", "kramers") if key in group}
    if any(len(values) != len(noise) for values in variables.values()) or variables["eigenvalue"].ndim != 2:
        raise NotAResult(f"{name}/eigenvalue does not have the shape of its axes")
    return Scan(name, noise, variables)


def _read_cells(name, group):
    if _text(group.attrs.get("solve", "")) != "cells":
        return None
    over_particles = ["rate", "correction", "table_rate"]
    names = over_particles + ["optimum", "divergence", "N", "k", "l"]
    if any(not isinstance(group.get(key), h5py.Dataset) for key in names):
        raise NotAResult(f"{name} lacks a variable of cells")
    drawn = [key for key in DRAWN_OF_CELLS if isinstance(group.get(key), h5py.Dataset)]
    over_particles += drawn
    variables = {key: np.asarray(group[key], float) for key in names + drawn}
    particles, shape = variables["N"], (variables["k"].size, variables["l"].size)
    if variables["optimum"].shape != shape or any(variables[key].shape != particles.shape for key in over_particles):
        raise NotAResult(f"{name}/optimum or {name}/rate does not have the shape of its axes")
    _coordinate(name, group, "N")
    return Cells(name, particles, variables)


def _read_gap(name, group):
    if _text(group.attrs.get("solve", "")) != "action-gap":
        return None
    scalars = {key: float(np.asarray(group[key])) for key in group
               if isinstance(group[key], h5py.Dataset) and group[key].shape == ()}
    return Gap(name, _text(group.attrs.get("score", "")), scalars)


def _groups(file):
    """As the experiment has them; h5py goes by the alphabet."""
    names = [_text(name) for name in np.atleast_1d(file.attrs.get("tasks", []))]
    groups = [(name, item) for name, item in file.items() if isinstance(item, h5py.Group) and name != SCENE]
    return sorted(groups, key=lambda group: names.index(group[0]) if group[0] in names else len(names))


def _numbers(group):
    return {key: _text(value) for key, value in group.attrs.items()} | {
        key: np.asarray(item, float) for key, item in group.items() if isinstance(item, h5py.Dataset)}


def _computed(numbers):
    """Label of a task, or name of a pair -> its numbers."""
    if numbers is None:
        return {}
    # In memory, to which a file of the system's leads by no path that the library would follow.
    with h5py.File(io.BytesIO(numbers.read_bytes()), "r") as beside:
        found = [(name, _numbers(group)) for name, group in _groups(beside)]
    return {one.get("label", name): one for name, one in found}


def _read_pair(numbers, tasks):
    return Pair(*(next(task for task in tasks if task.name == numbers[place]) for place in ("first", "second")),
                numbers["of"], numbers)


def read(path, numbers=None):
    """`numbers` is the file that `umkehr plot` computed. Raises NotAResult for a damaged or foreign file, OSError where
    there is none that can be read."""
    with open(path, "rb"):  # for the system's own words, which h5py buries
        pass
    if not h5py.is_hdf5(path):
        raise NotAResult("it is no HDF5 file")
    file = h5py.File(path, "r")  # open as long as variables are read
    if "experiment" not in file.attrs or not _text(file.attrs.get("source", "")).startswith("umkehr"):
        raise NotAResult("it is HDF5, but not a result of umkehr")
    computed, groups = _computed(numbers), _groups(file)
    over_keys = [swept.Group(name, item) for name, item in groups if swept.is_swept(item)]
    if over_keys:
        groups = list(swept.plain_runs(over_keys, computed))
    tasks, *others = [[one for name, group in groups if (one := read_one(name, group)) is not None]
                      for read_one in (_read_task, _read_scan, _read_cells, _read_gap)]
    for task in tasks:
        task.numbers = computed.get(task.name, {})
        task.numbers |= next((one for one in computed.values() if one.get("particles") == task.name), {})
    pairs = [_read_pair(one, tasks) for one in computed.values() if "first" in one]
    expected = {one["expected_of"]: one for one in computed.values() if "expected_of" in one}
    return Result(_text(file.attrs.get("title", "")), [task for task in tasks if "density" in task.variables], tasks,
                  *others, pairs, over_keys, expected)
