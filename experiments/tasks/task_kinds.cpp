// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/task_kinds.hpp"

#include <algorithm>

#include "experiments/tasks/method_names.hpp"
#include "experiments/tasks/task_input.hpp"

namespace umkehr {
namespace {

using Keys = std::vector<TaskKey>;

template <auto read>
Problem read_with(Section& section, const TaskInput& input) {
  return read(section, input);
}

Keys with(Keys keys, const Keys& more) {
  keys.insert(keys.end(), more.begin(), more.end());
  return keys;
}

const Keys step_control = {{"tolerance", ""}, {"dt", ""}};
const Keys hermite_bases = {{"centre", ""}, {"scale", "of Hermite bases"}};
const Keys kolmogorov_choices =
    with(with({{"method", ""}, {"scheme", ""}, {"order", "of path integrals, 1 or 2"}}, step_control),
         hermite_bases);

template <class Problem>
TaskKind kind();

template <>
TaskKind kind<FokkerPlanckTask>() {
  return {"fokker-planck",
          with({{"initial", "the density at start"}}, kolmogorov_choices),
          method_names::kolmogorov,
          {"density", "log_density", "score_*", "mass", "entropy", "mass_error", "minimum", "grid_error",
           "step_error"},
          read_with<read_fokker_planck>};
}

template <>
TaskKind kind<BackwardKolmogorovTask>() {
  return {"backward-kolmogorov",
          with({{"terminal", "a formula, the value at stop"},
                {"of", "a fokker-planck task, whose steps are replayed"}},
               kolmogorov_choices),
          method_names::kolmogorov,
          {"value", "pairing", "grid_error", "step_error"},
          read_with<read_backward_kolmogorov>};
}

template <>
TaskKind kind<SpectrumTask>() {
  return {"spectrum",
          with({{"count", ""}, {"method", ""}, {"diffusion", "a list of D to go through"}}, hermite_bases),
          method_names::spectrum,
          {"eigenvalue", "eigenvalue_imaginary", "eigenvalue_error", "condition", "eigenfunction",
           "eigenfunction_imaginary", "kramers"},
          read_with<read_spectrum>};
}

template <>
TaskKind kind<HjbTask>() {
  return {"hjb",
          with({{"terminal", "a formula, lambda at stop"},
                {"method", ""},
                {"order", "of finite differences, 2 or 4"},
                {"initial", "for the density of the process under control"}},
               step_control),
          method_names::hjb,
          {"value", "control_*", "value_error", "density"},
          read_with<read_hjb>};
}

template <>
TaskKind kind<MostProbablePathTask>() {
  return {"most-probable-path",
          {{"from", ""}, {"to", "points"}, {"points", "how many times"}},
          {},
          {"path_*", "action", "action_kinetic", "action_divergence", "action_killing", "action_error",
           "minima_*", "minima_action"},
          read_with<read_most_probable_path>};
}

template <>
TaskKind kind<SchroedingerBridgeTask>() {
  return {"schroedinger-bridge",
          {{"initial", ""},
           {"final", "two densities"},
           {"method", ""},
           {"propagator", "path-integral, finite-volume"},
           {"tolerance", "of the marginals"},
           {"iterations", "at most"},
           {"diffusion", ""},
           {"killing", "instead of the process's"}},
          method_names::bridge,
          {"density", "log_chi", "log_chi_hat", "control_*", "coupling", "kl", "kl_error", "action",
           "action_error", "marginal_error", "iterations"},
          read_with<read_schroedinger_bridge>};
}

template <>
TaskKind kind<ReverseDiffusionTask>() {
  return {"reverse-diffusion",
          with(with({{"of", "a fokker-planck task, whose method it takes"},
                     {"initial", "a density at stop to start from"}},
                    step_control),
               hermite_bases),
          {},
          {"density", "control_*", "error", "action", "action_running", "normalisation", "density_error",
           "ways_difference", "lost", "start_kl", "endpoint_kl"},
          read_with<read_reverse_diffusion>};
}

template <>
TaskKind kind<ActionGapTask>() {
  return {"action-gap",
          {{"of", "a fokker-planck task, which is reversed"},
           {"score",
            "formulas that may use the exact score_x, ..., or { field = \"file.h5\", variable = "
            "\"group/score\" }"},
           {"start", ""},
           {"stop", ""},
           {"tolerance", ""}},
          {},
          {"gap_action", "gap_score_matching", "gap_score_matching_error", "gap_feasible", "endpoint_kl",
           "dsm_constant"},
          read_with<read_action_gap>};
}

template <>
TaskKind kind<CellsTask>() {
  return {"cells",
          {{"kernel", "rows of g(k|l)"},
           {"initial", ""},
           {"final", "the shares of the cells"},
           {"particles", "a list of N"}},
          {},
          {"kernel", "optimum", "bridge", "rate", "correction", "table_rate", "divergence", "iterations"},
          [](Section& section, const TaskInput&) -> Problem { return read_cells(section); }};
}

template <class... Problems>
std::array<TaskKind, sizeof...(Problems)> kinds_of(const std::variant<Problems...>*) {
  return {kind<Problems>()...};
}

/// "score_*" fits "score_x".
bool fits(std::string_view pattern, std::string_view name) {
  return pattern.ends_with('*') ? name.starts_with(pattern.substr(0, pattern.size() - 1)) : pattern == name;
}

}  // namespace

const std::array<TaskKind, std::variant_size_v<Problem>>& task_kinds() {
  static const auto kinds = kinds_of(static_cast<const Problem*>(nullptr));
  return kinds;
}

const TaskKind& kind_of(const Task& task) {
  return task_kinds()[task.problem.index()];
}

std::vector<std::string> task_kind_names() {
  std::vector<std::string> names;
  for (const TaskKind& kind : task_kinds()) names.push_back(kind.name);
  return names;
}

bool writes(const TaskKind& kind, std::string_view variable) {
  return std::any_of(kind.writes.begin(), kind.writes.end(),
                     [&](const std::string& pattern) { return fits(pattern, variable); });
}

bool is_written_by_a_task(std::string_view variable) {
  const auto& kinds = task_kinds();
  return std::any_of(kinds.begin(), kinds.end(),
                     [&](const TaskKind& kind) { return writes(kind, variable); });
}

}  // namespace umkehr
