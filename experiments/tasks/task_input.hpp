// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <optional>
#include <set>
#include <string>
#include <vector>

#include "experiments/input/law_input.hpp"
#include "experiments/input/process_input.hpp"
#include "experiments/input/reading.hpp"
#include "experiments/input/time_input.hpp"
#include "experiments/tasks/experiment.hpp"
#include "experiments/text/toml_value.hpp"

namespace umkehr {

/// What a task is read against.
struct TaskInput {
  const WrittenProcess& process;
  const LawInput& laws;
  const Times& times;
  const std::vector<Task>& before;        ///< the earlier tasks, that `of` may name
  const std::set<std::string>& built_on;  ///< names that `of` of any task holds
};

/// The tables [[task]]. Throws ExperimentError, and ResultFileError where a file that a density names cannot
/// be read.
std::vector<Task> read_tasks(TomlValue& tables, const WrittenProcess& process, const LawInput& laws,
                             const Times& times);

/// The keys of each kind, one function a file group; `solve` and `name` are read already.
FokkerPlanckTask read_fokker_planck(Section& section, const TaskInput& input);
BackwardKolmogorovTask read_backward_kolmogorov(Section& section, const TaskInput& input);
SpectrumTask read_spectrum(Section& section, const TaskInput& input);
HjbTask read_hjb(Section& section, const TaskInput& input);
MostProbablePathTask read_most_probable_path(Section& section, const TaskInput& input);
SchroedingerBridgeTask read_schroedinger_bridge(Section& section, const TaskInput& input);
ReverseDiffusionTask read_reverse_diffusion(Section& section, const TaskInput& input);
ActionGapTask read_action_gap(Section& section, const TaskInput& input);

/// The earlier Fokker-Planck task that `of` names.
const FokkerPlanckTask& read_forward_task(const TomlValue& of, const TaskInput& input);
/// `centre` and `scale` of Hermite bases.
void read_hermite_bases(Section& section, const TaskInput& input, KolmogorovChoices& choices);
CellsTask read_cells(Section& section);

/// Whether nothing asks for a process, a time or an axis.
bool is_of_cells_alone(const TomlValue& tasks);

/// `tolerance`, with its default, or `dt`.
void read_step_control(Section& section, const Times& times, double& tolerance, std::optional<double>& step);
/// One number an axis, or one for all; nothing where the key is missing.
std::vector<double> read_one_an_axis(Section& section, const char* key, std::size_t dimension,
                                     const Range& range);
/// `terminal`, finite on the whole grid.
Formula read_terminal(Section& section, const TaskInput& input, std::string_view meaning);

/// As the experiment file and the result file spell them.
std::string name_of(Method method);
std::string name_of(SpectrumMethod method);
std::string name_of(HjbMethod method);
std::string name_of(BridgeMethod method);
std::string name_of(PropagatorMethod method);

}  // namespace umkehr
