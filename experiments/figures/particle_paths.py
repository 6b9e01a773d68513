# SPDX-License-Identifier: GPL-3.0-or-later
"""Kept paths of particles: over time, in the plane, and two clouds that forget a picture and come back to it."""
from functools import partial

import numpy as np
from matplotlib import colormaps

from . import drawing, ranges
from .film import Film

MOST_PATHS = 12
MOST_DOTS = 1500
STRIP = 5     # pictures of a cloud in a row
MOST_PICTURES = 60  # of the film, a way: 2 MB in all
HELD = 8      # pictures of the film for which it stops at either end
SIDE = 3.6    # inches of the film


def figures(result):
    tasks = [task for task in result.of("particles") if "position" in task.variables and len(task.times) > 1]
    for task in tasks:
        components = task.variables["position"].shape[2]
        if components <= 3:
            yield f"paths_{task.name}", partial(_in_the_plane if components == 2 else _over_time, result, task)
    both = _both_ways(tasks)
    if both:
        yield "forgetting", partial(_strip, result, *both)
        yield "forgetting_film", partial(_film, result, *both)


def _both_ways(tasks):
    """(Forward task, task back) of two coordinates, the first of each; or None."""
    plane = [task for task in tasks if task.variables["position"].shape[2] == 2]
    ways = [next((task for task in plane if (task.attributes.get("method") == "forward") == onwards), None)
            for onwards in (True, False)]
    return ways if all(ways) else None


def _names(task):
    """Of the coordinates, as mathematics."""
    known = list(task.axes) or [name.removeprefix("mean_") for name in task.variables
                                if name.startswith("mean_") and not name.endswith("_error")]
    return [drawing.letter(name) for name in known]


def _paths(task):
    """(t, particle, component), with gaps where a particle has left."""
    chosen = task.variables["position"][:, :MOST_PATHS].copy()
    chosen[task.variables["position_weight"][:, :MOST_PATHS] <= 0] = np.nan
    return chosen


def _over_time(result, task):
    paths, names = _paths(task), _names(task)
    figure, row = drawing.row(paths.shape[2], 4.2, 3.0)
    drawing.title(figure, result.title, task.name)
    for component, panel in enumerate(row):
        for number in range(paths.shape[1]):
            panel.plot(task.times, paths[:, number, component], linewidth=0.9,
                       color=drawing.COLOURS[number % len(drawing.COLOURS)])
        panel.set(xlabel="$t$", ylabel=f"${names[component]}$", xlim=(task.times[0], task.times[-1]))
    return figure


def _in_the_plane(result, task):
    paths, names = _paths(task), _names(task)
    figure, (panel,) = drawing.row(1, 3.9, 3.9, 0.9)
    drawing.title(figure, result.title, task.name)
    for number in range(paths.shape[1]):
        panel.plot(*paths[:, number].T, linewidth=0.9, color=drawing.COLOURS[number % len(drawing.COLOURS)])
    for index, face in ((0, "white"), (-1, "black")):
        panel.scatter(*paths[index].T, s=14, color=face, edgecolor="black", linewidth=0.7, zorder=3,
                      label=drawing.time_label(task.times[index]))
    limits, aspect = ranges.square([_reach(paths[..., component]) for component in range(2)])
    panel.set(xlabel=f"${names[0]}$", ylabel=f"${names[1]}$", xlim=limits[0], ylim=limits[1], aspect=aspect)
    drawing.frame(panel)
    drawing.legend(panel)
    return figure


def _reach(values):
    """Limits with room around all of them."""
    low, high = np.nanmin(values), np.nanmax(values)
    margin = 0.05 * (high - low) or 1.0
    return low - margin, high + margin


# Clouds

class _Cloud:
    """Dots of a task, each of the colour of its place at the data end, so that mixing is seen."""

    def __init__(self, task):
        self.task = task
        self.places = task.variables["position"][:, :MOST_DOTS]
        along = self.places[0, :, 1]
        self.colours = colormaps["viridis"](0.92 * (along - along.min()) / (np.ptp(along) or 1))

    def draw(self, panel, index, size):
        return panel.scatter(*self.places[index].T, s=size, c=self.colours, linewidth=0)


def _limits(clouds):
    both = np.concatenate([cloud.places.reshape(-1, 2) for cloud in clouds])
    low, high = np.nanquantile(both, 0.001, axis=0), np.nanquantile(both, 0.999, axis=0)
    margin = 0.05 * (high - low)
    return ranges.square(list(zip(low - margin, high + margin)))[0]


def _way(task):
    return {"forward": "forward", "reverse": "in reverse", "flow": "along the flow"}[task.attributes["method"]]


def _strip(result, onwards, back):
    clouds = [_Cloud(onwards), _Cloud(back)]
    limits, columns = _limits(clouds), 3 if drawing.narrow() else STRIP
    shown = ranges.times(onwards.variables["histogram"], columns) if "histogram" in onwards.variables else \
        _indices(len(onwards.times), columns)
    figure = drawing.figure(1.8 * len(shown) + 0.5, 3.8 if drawing.narrow() else 4.3)
    drawing.title(figure, result.title)
    panels = figure.subplots(2, len(shown), squeeze=False, sharex=True, sharey=True)
    for cloud, row in zip(clouds, panels):
        for panel, index in zip(row, shown if cloud is clouds[0] else shown[::-1]):
            cloud.draw(panel, index, 1.5)
            panel.set(xlim=limits[0], ylim=limits[1], aspect="equal", title=drawing.time_label(cloud.task.times[index]))
            drawing.frame(panel)
        row[0].set_ylabel(f"{drawing.plain(cloud.task.name)}\n{_way(cloud.task)}, ${_names(cloud.task)[1]}$")
    for panel in panels[1]:
        panel.set_xlabel(f"${_names(onwards)[0]}$")
    return figure


def _film(result, onwards, back):
    clouds = [_Cloud(onwards), _Cloud(back)]
    figure = drawing.figure(SIDE, SIDE)
    drawing.title(figure, result.title)
    panel = figure.subplots()
    limits, (x, y) = _limits(clouds), _names(onwards)
    panel.set(xlim=limits[0], ylim=limits[1], aspect="equal", xlabel=f"${x}$", ylabel=f"${y}$", title=_said(onwards, 0))
    drawing.frame(panel)
    dots = clouds[0].draw(panel, 0, 2.5)

    def show(picture):
        cloud, index = picture
        dots.set(offsets=cloud.places[index], facecolors=cloud.colours)
        panel.set_title(_said(cloud.task, index))

    there, again = ([(cloud, index) for index in _indices(len(cloud.task.times), MOST_PICTURES)] for cloud in clouds)
    figure.film = Film([there[0]] * HELD + there + [there[-1]] * HELD + again[::-1] + [again[0]] * (2 * HELD), show)
    return figure


def _indices(count, most):
    """At most so many, evenly, with both ends."""
    return np.linspace(0, count - 1, min(count, most)).round().astype(int)


def _said(task, index):
    return f"{_way(task)}, {drawing.time_label(task.times[index])}"
