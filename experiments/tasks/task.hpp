// SPDX-License-Identifier: GPL-3.0-or-later
// What one table [[task]] asks for.
#pragma once

#include <optional>
#include <string>
#include <variant>
#include <vector>

#include "solver/action/action_gap.hpp"
#include "solver/bridge/bridge.hpp"
#include "solver/cells/cells.hpp"
#include "solver/hjb/hjb.hpp"
#include "solver/kolmogorov/choices.hpp"
#include "solver/law/law.hpp"
#include "solver/process/formula/formula.hpp"
#include "solver/reversal/reverse_diffusion.hpp"
#include "solver/spectrum/spectrum.hpp"

namespace umkehr {

/// (2.6, 2.33a)
struct FokkerPlanckTask {
  Law initial;
  KolmogorovChoices choices;
  std::string reason = "";  ///< for a method or a scheme that nobody chose, in words
};

/// (2.26-2.29, 2.33b)
struct BackwardKolmogorovTask {
  Formula terminal;           ///< J at `stop`
  std::string of;             ///< a Fokker-Planck task whose steps are replayed; empty: none
  KolmogorovChoices choices;  ///< with `of`, that task's own
};

/// Of the generator at `start`.
struct SpectrumTask {
  SpectrumChoices choices;
  std::vector<double> diffusion;  ///< numbers that D is replaced by, one after the other; empty: D itself
};

/// (3.24)
struct HjbTask {
  Formula terminal;  ///< lambda at `stop`
  HjbChoices choices;
  std::optional<Law> initial;  ///< of the process under control, whose density is then given too
};

/// (2.11)
struct MostProbablePathTask {
  std::vector<double> from, to;  ///< at `start` and at `stop`, one number an axis
  std::size_t points = 201;
};

/// (3.26-3.28)
struct SchroedingerBridgeTask {
  Process reference;  ///< that of the experiment, with the task's own `diffusion` and `killing`
  Law initial, final;
  BridgeChoices choices;
};

/// (3.29-3.35)
struct ReverseDiffusionTask {
  std::string of;             ///< a Fokker-Planck task
  KolmogorovChoices forward;  ///< that task's own
  ReverseDiffusionChoices choices;
};

/// (3.36-3.43)
struct ActionGapTask {
  std::string of;            ///< the Fokker-Planck task whose process is reversed
  FokkerPlanckTask forward;  ///< that task
  TrialScore score;
  std::string score_text;      ///< as it was written
  double start = 0, stop = 1;  ///< on the forward clock
  double tolerance = 1e-10;
};

/// (3.4-3.14)
struct CellsTask {
  std::vector<double> totals;  ///< N, ascending
  std::vector<Cells> cells;    ///< with so many particles each, in equal shares
};

struct Task {
  std::string name;
  std::variant<FokkerPlanckTask, BackwardKolmogorovTask, SpectrumTask, HjbTask, MostProbablePathTask,
               SchroedingerBridgeTask, ReverseDiffusionTask, ActionGapTask, CellsTask>
      problem;
  std::vector<std::string> write = {};  ///< names of variables, or of vectors; empty: all
  std::string place = {};               ///< of its table in the experiment

  /// Whether a variable is to be in the file.
  bool is_written(const std::string& variable) const;
};

}  // namespace umkehr
