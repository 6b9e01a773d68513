# SPDX-License-Identifier: GPL-3.0-or-later
"""Which figures fit a result, in the order in which they are drawn, and which of them answer its question."""
from functools import partial

from . import (action_gaps, bridges, cell_tables, killing_rates, law_errors, line_densities,
               mass_entropy, method_differences, moment_lines, most_probable_paths, noise_rates, over_key, pairings,
               particle_estimates, particle_histograms, particle_paths, path_integrals, plane_maps, reversals,
               space_slices, spectra, swept_particles, value_fields)

MOST = 6  # figures, unless more are asked for
# The further down, the less a figure says about what the experiment asks; the first word of its name decides.
ANSWERS = [["action_gap", "cells", "killing", "rates", "reversal", "reversal_error", "path_integral",
            "most_probable_path", "spectrum", "lambda", "control", "sweep", "histogram", "expectation", "distances",
            "first_passage", "forgetting"],
           ["value", "bridge_control", "coupling", "pairing", "eigenfunctions", "modes"],
           ["particle_moments", "paths", "density", "slices", "sweep_density", "sweep_value", "sweep_marginals", "sweep_time"],
           ["error", "difference", "value_difference", "lambda_difference"],
           ["score"], ["moments"], ["mass_and_entropy", "mass", "entropy"], ["marginals"], ["tails", "sweep_errors"]]
AGAIN = 1.5  # steps down for each further figure of its kind


def figures(result):
    """(File name without ending, function that draws the figure), in order. Nothing is drawn yet."""
    return [*swept_particles.figures(result),
            *((name, partial(draw, result)) for name, draw in over_key.figures(result.swept)),
            *particle_histograms.figures(result),
            *particle_estimates.figures(result),
            *particle_paths.figures(result),
            *_densities(result),
            *value_fields.figures(result, "backward-kolmogorov", "value", "J"),
            *pairings.figures(result),
            *method_differences.figures(result, "backward-kolmogorov", "value_difference", "J"),
            *spectra.figures(result),
            *noise_rates.figures(result),
            *value_fields.figures(result, "hjb", "lambda", r"\lambda"),
            *method_differences.figures(result, "hjb", "lambda_difference", r"\lambda"),
            *most_probable_paths.figures(result),
            *bridges.figures(result),
            *cell_tables.figures(result),
            *action_gaps.figures(result),
            *killing_rates.figures(result),
            *reversals.figures(result)]


def answering(names):
    """At most six of the names, in their order: those that answer the question of the experiment."""
    seen, places = {}, []
    for name in names:
        of_kind, place = _kind_and_place(name)
        places.append((place + AGAIN * seen.get(of_kind, 0), len(places)))
        seen[of_kind] = seen.get(of_kind, 0) + 1
    return [names[number] for number in sorted(number for _, number in sorted(places)[:MOST])]


def kind(name):
    return _kind_and_place(name)[0]


def _kind_and_place(name):
    """(First word, line of ANSWERS), by the longest word that fits."""
    fitting = [(len(word), word, place) for place, words in enumerate(ANSWERS) for word in words
               if name == word or name.startswith(word + "_")]
    return max(fitting)[1:] if fitting else (name, len(ANSWERS))


def _densities(result):
    yield from path_integrals.figures(result)
    tasks = path_integrals.finest(result.tasks)
    yield from line_densities.figures(result, [task for task in tasks if task.dimension == 1])
    for task in tasks:
        if task.dimension == 2:
            yield f"density_{task.name}", partial(plane_maps.density, result, task)
        if task.dimension == 3:
            yield f"slices_{task.name}", partial(space_slices.slices, result, task)
        if task.dimension > 1:
            yield f"marginals_{task.name}", partial(space_slices.marginals, result, task)
    tasks = [task for task in tasks if len(task.times) > 1]  # what follows is drawn over time
    if moment_lines.lines(tasks):
        yield "moments", partial(moment_lines.draw, result, tasks)
    if tasks:
        yield from mass_entropy.figures(result, tasks)
        yield from law_errors.figures(result, tasks)
