// SPDX-License-Identifier: GPL-3.0-or-later
// What --help says beyond the options.
#pragma once

namespace umkehr::help {

inline constexpr char summary[] = "A numerical laboratory for diffusion, its reversal and its action.";

inline constexpr char footer[] = R"(Examples:
  umkehr run two_bumps.toml                        solve, write two_bumps.h5
  umkehr run two_bumps.toml --set axis.x.points=512 --set task.forward.method=fourier -o fine.h5
  umkehr run two_bumps.toml --sweep task.hermite.tolerance=1e-4,1e-8 -o both.h5     two runs, one result
  umkehr compare two_bumps.h5 --analytic           errors against the exact law
  umkehr compare two_bumps.h5 fine.h5 --rtol 1e-6 --only density,forward/mass
  umkehr plot two_bumps.h5 -o figures
  umkehr plot two_bumps.h5 --only density --format pdf --width 246pt --no-titles

Exit codes: 0 done; 1 a comparison failed; 2 wrong usage or a wrong experiment; 3 a numerical failure (no step short
enough, not finite, no density, --max-seconds over, more memory needed than is free); 4 input or output; 130, 143 and
129 after SIGINT, SIGTERM and SIGHUP (128 and its number after any other that ends a program).
A run in two or three dimensions also writes RESULT.xdmf, which ParaView opens (any of its XDMF readers).
A run that fails leaves no file, and an older result as it was; with --keep-going the tasks that were solved are
written, and the root attribute "failed" names the others, a line each. No file that an experiment reads is replaced.)";

/// Between these two stand the kinds of tasks, of the table of tasks.
inline constexpr char tables[] =
    R"(An experiment is a TOML file of these tables; --dry-run prints one with all defaults:
  title
  [process]         drift (a formula an axis), or potential, or name (below); diffusion; killing
  [process.define]  names that the formulas may use
  [time]            start, stop, save (how many equal times, or a list)
  [[axis]]          name, from, to, points, boundary (reflecting, absorbing, periodic); one to three
  [space]           in place of [[axis]] for particles, most-probable-path and cells: dimension = 10 (coordinates x1 to
                    x10, at most 1000) or names = ["q", "p"]; each runs over the whole line
  [law.NAME]        a density; wherever one is asked for (initial, final) the string "NAME" stands for it
  [sweep]           "KEY" = [values], as --sweep KEY=V1,V2: the experiment is solved for every combination. Variables
                    gain a leading dimension a key, called like its last part (more parts where that is taken); values
                    that are no numbers are 0, 1, ... with flag_meanings. Runs fill the processors, with the same results for
                    any number of them. Keys that change axes, saved times or how many values a task writes are refused;
                    tasks that no key concerns are solved once; a sweep has no .xdmf
  [[task]]          name, solve, method, tolerance or dt, write (a list of the variables that the file is to hold, such
                    as ["density", "score"]; default: all), and by `solve`:
)";

/// Then the named processes, of the table of these.
inline constexpr char processes[] =
    "Named processes, each axis x alike; beta and diffusion are numbers or formulas in t:\n";

inline constexpr char values[] =
    R"(  initial           the name of a [law.NAME], { mixture = [{ weight, mean, covariance }, ...] }, { formula }, { point },
                    { gaussian = { mean, covariance } } or { mean, covariance }, { field, variable, time },
                    { samples = a .csv, .npy or .h5 file (dataset), bandwidth = a number, "scott" or "silverman" };
                    variance = 0.04 (along all axes) or [0.04, 0.09] (one an axis) may stand for covariance
Formulas know the axes, t, pi, e, + - * / ^, comparisons, where(c, a, b) and exp log sqrt abs sin cos tan asin acos
atan atan2 sinh cosh tanh erf erfc min max.
Settings go by the same names, tasks and axes by theirs: --set time.stop=2 --set task.forward.tolerance=1e-10
--set law.data.variance=0.04 --set process.define.beta='"1 + t"'. Relative paths in an experiment start from its folder.)";

}  // namespace umkehr::help
