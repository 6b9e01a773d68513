# SPDX-License-Identifier: GPL-3.0-or-later
"""Groups of a sweep: their leading axes are swept keys, such as dt of task.forward.dt."""
from dataclasses import dataclass
from io import BytesIO

import h5py
import numpy as np


@dataclass
class Key:
    name: str
    values: np.ndarray
    texts: list  # as they were written, where they are no numbers; else empty

    def label(self, index):
        return f"{self.name} = {self.texts[index] if self.texts else format(self.values[index], '.6g')}"


class Group:
    """One task of a sweep. Variables are read when they are asked for."""

    def __init__(self, name, group):
        self.name, self.group = name, group
        self.attributes = {key: _text(value) for key, value in group.attrs.items()}
        self.keys = [_key(axis, group[axis]) for axis in _axes(group)[:_swept_axes(group)]]
        self.solve = self.attributes.get("solve", "")
        self.is_alike = self.attributes.get("runs") == "alike"  # no key concerns the task: all runs are one

    @property
    def shape(self):
        return tuple(len(key.values) for key in self.keys)

    def own_axes(self, variable):
        """Names of the axes of a variable in one run."""
        return _axis_names(self.group[variable])[len(self.keys):]

    def variables(self, *axes):
        """Names of those that have these axes in each run, in the order of the file."""
        return [name for name, item in self.group.items()
                if isinstance(item, h5py.Dataset) and not _is_scale(item) and not name.endswith("_bnds")
                and self.own_axes(name) == list(axes)]

    def values(self, variable, *index):
        """Of all runs, or with an index of the task's own first axes, which are read alone."""
        return np.asarray(self.group[variable][(slice(None),) * len(self.keys) + index], float)

    def coordinate(self, axis):
        return np.asarray(self.group[axis], float)

    def as_plain(self, file, name, run):
        """One run, by its number, as a group of a plain result, in a file of the memory."""
        index, runs = np.unravel_index(run, self.shape), int(np.prod(self.shape))
        plain = file.create_group(name)
        plain.attrs.update({key: _of_run(text, run, runs) for key, text in self.attributes.items()})
        plain.attrs.update({key.name: key.texts[n] for key, n in zip(self.keys, index) if key.texts})
        swept = {key.name for key in self.keys}
        for axis, item in self.group.items():
            if _is_scale(item) and axis not in swept:
                plain[axis] = np.asarray(item)
                plain[axis].make_scale(axis)
        for variable, item in self.group.items():
            axes = _axis_names(item)
            if _is_scale(item) or not set(axes[:len(index)]) <= swept and axes:
                continue
            values = np.asarray(item[index] if axes else item)
            if values.size and np.isnan(values).all():
                continue  # this run lacks it
            plain[variable] = values
            for k, axis in enumerate(axes[len(index):]):
                plain[variable].dims[k].attach_scale(plain[axis])
        return plain


def is_swept(group):
    return any("swept_key" in item.attrs for item in group.values() if isinstance(item, h5py.Dataset))


def plain_runs(groups, computed):
    """(label, group) of what figures of single runs show, which `umkehr plot` found (shown_tasks.hpp)."""
    file, by_name = h5py.File(BytesIO(), "w"), {group.name: group for group in groups}
    for numbers in computed.values():
        if "run" in numbers:
            name, run = numbers["task"], numbers["run"]
            yield numbers["label"], by_name[name].as_plain(file, f"{name} {run}", int(run))


def _text(value):
    return value.decode("utf-8", "replace") if isinstance(value, bytes) else str(value)


def _is_scale(dataset):
    return h5py.h5ds.is_scale(dataset.id)


def _of_run(text, number, runs):
    """Attributes that differ between runs are lists with semicolons."""
    parts = text.split("; ")
    return parts[number] if len(parts) == runs > 1 else text


def _axis_names(dataset):
    return [dimension[0].name.rsplit("/", 1)[-1] if len(dimension) else "" for dimension in dataset.dims]


def _axes(group):
    """Of the variable with most axes."""
    names = [_axis_names(item) for item in group.values() if isinstance(item, h5py.Dataset) and not _is_scale(item)]
    return max(names, key=len, default=[])


def _swept_axes(group):
    return sum("swept_key" in group[axis].attrs for axis in _axes(group) if axis)


def _key(name, dataset):
    texts = [_text(text) for text in dataset.attrs.get("texts", [])]
    return Key(name, np.asarray(dataset, float), texts)
