// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/experiment.hpp"

#include <cerrno>
#include <deque>
#include <fstream>
#include <system_error>

#include "experiments/input/axes_input.hpp"
#include "experiments/input/named_laws.hpp"
#include "experiments/input/process_input.hpp"
#include "experiments/input/reading.hpp"
#include "experiments/input/settings.hpp"
#include "experiments/tasks/experiment_root.hpp"
#include "experiments/tasks/read_tasks.hpp"
#include "experiments/tasks/registry.hpp"
#include "experiments/text/toml_text.hpp"

namespace umkehr {
namespace {

FormulaInput formulas_over(const Space& grid, TomlValue& process) {
  FormulaInput formulas(grid.names());
  if (const TomlEntry* define = process.find("define")) formulas.define(define->value, is_written_by_a_task);
  return formulas;
}

std::string read_title(Section& section, const std::string& name) {
  const std::string usual = std::filesystem::path(name).stem().string();
  return read_string(section.with_default("title", TomlValue::of(usual)), "title");
}

/// Of tasks that need no process, no time and no axis: what stands for these says nothing.
Experiment read_tasks_alone(TomlValue& root, const std::string& name) {
  Section section(root, "the experiment");
  const std::string title = read_title(section, name);
  TomlValue& tasks = section.require("task", "a table [[task]]");
  section.refuse_unknown();
  const Space grid(std::vector<std::string>{});
  const WrittenProcess process;
  std::vector<std::string> warnings;
  std::vector<std::filesystem::path> files;
  const LawInput laws{grid, FormulaInput({}), {}, warnings, files};
  auto solved = read_tasks(tasks, process, laws, {});
  section.finish();
  return {{{}, grid, 0, 1, {}}, title, std::move(solved), write_toml(root), {}, {}, false};
}

bool needs_process(TomlValue& root) {
  const TomlEntry* tasks = root.find("task");
  const bool is_given = root.find("process") || root.find("time") || root.find("axis") || root.find("space");
  return is_given || tasks == nullptr || need_process(tasks->value);
}

/// Those of [space], or the axes of [[axis]].
Space read_coordinates(Section& section) {
  TomlValue* space = section.find("space");
  if (space && section.has("axis")) refuse(*space, "space", "stands beside [[axis]]; give one of the two");
  if (space) return Space(read_space(*space, is_written_by_a_task));
  return read_axes(section.require("axis", "one to three tables [[axis]], or [space]"), is_written_by_a_task);
}

Experiment read_sections(TomlValue& root, const std::string& name, const std::filesystem::path& directory) {
  Section section(root, "the experiment");
  const std::string title = read_title(section, name);
  TomlValue& process = section.require("process", "a table [process]");
  const Times times = read_times(section.require("time", "a table [time]"));
  Space grid = read_coordinates(section);
  TomlValue* law = section.find("law");
  TomlValue& tasks = section.require("task", "a table [[task]]");
  section.refuse_unknown();

  const FormulaInput formulas = formulas_over(grid, process);
  const WrittenProcess written = read_process(process, formulas, times);
  check_process(written, grid, times);
  std::vector<std::string> warnings;
  std::vector<std::filesystem::path> files;
  LawInput laws{grid, formulas, directory, warnings, files};
  const NamedLaws named = law ? NamedLaws(*law, laws) : NamedLaws();
  laws.named = &named;
  auto solved = read_tasks(tasks, written, laws, times);
  section.finish();
  return {{written.process, std::move(grid), times.start, times.stop, times.saved},
          title,
          std::move(solved),
          write_toml(root),
          std::move(warnings),
          std::move(files)};
}

}  // namespace

std::string contents_of_experiment(const std::filesystem::path& file) {
  constexpr std::size_t most = (4 << 20) + 1;  // a little more than a text may have; check_bytes() says so
  const auto fail = [&](int code) {
    throw std::system_error(code, std::generic_category(), "cannot read " + file.string());
  };
  if (std::filesystem::is_directory(file)) fail(EISDIR);
  // A pipe in a folder would be waited for without end; one that the shell hands over has a writer.
  if (std::filesystem::is_fifo(file) && !file.string().starts_with("/dev/"))
    throw std::system_error(EINVAL, std::generic_category(),
                            "cannot read " + file.string() + ", which is a pipe and no file");
  errno = 0;
  std::ifstream stream(file, std::ios::binary);
  if (!stream) fail(errno != 0 ? errno : EIO);
  std::string text(most, '\0');
  stream.read(text.data(), static_cast<std::streamsize>(most));
  if (stream.bad()) fail(EIO);
  text.resize(static_cast<std::size_t>(stream.gcount()));
  return text;
}

Experiment read_root(TomlValue& root, const std::string& name, const std::filesystem::path& directory) {
  return needs_process(root) ? read_sections(root, name, directory) : read_tasks_alone(root, name);
}

Experiment parse_experiment(const std::string& text, const std::string& name,
                            const std::filesystem::path& directory,
                            const std::vector<std::string>& settings) {
  std::deque<Source> sources = {{name, text, false}};
  TomlValue root = parse_toml(sources.front());
  apply_settings(root, settings, sources);
  if (const TomlEntry* sweep = root.find("sweep"))
    throw ExperimentError(sweep->place.text() + ": sweep: makes several experiments, and one is needed here");
  return read_root(root, name, directory);
}

Experiment read_experiment(const std::filesystem::path& file, const std::vector<std::string>& settings) {
  return parse_experiment(contents_of_experiment(file), file.string(), file.parent_path(), settings);
}

}  // namespace umkehr
