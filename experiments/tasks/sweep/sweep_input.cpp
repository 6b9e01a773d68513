// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/sweep/sweep_input.hpp"

#include <deque>

#include "experiments/input/settings.hpp"
#include "experiments/tasks/experiment_root.hpp"
#include "experiments/tasks/sweep/sweep_keys.hpp"
#include "experiments/tasks/sweep/sweep_text.hpp"
#include "experiments/text/toml_text.hpp"

namespace umkehr {
namespace {

constexpr std::size_t max_runs = 10'000, max_keys = 8;

std::size_t number_of_runs(const std::vector<WrittenSweep>& sweeps) {
  std::string product;
  double count = 1;  // of at most 8 keys with 10000 values each
  for (const WrittenSweep& sweep : sweeps) {
    product += (product.empty() ? "" : " x ") + std::to_string(sweep.values.size());
    count *= static_cast<double>(sweep.values.size());
  }
  const auto refuse_all = [&](const std::string& problem) {
    throw ExperimentError(sweeps.back().place.text() + ": sweep: " + problem);
  };
  if (sweeps.size() > max_keys) refuse_all(std::to_string(sweeps.size()) + " keys; at most 8");
  if (count > static_cast<double>(max_runs))
    refuse_all(product + " are more than 10000 runs; give fewer values or keys");
  return static_cast<std::size_t>(count);
}

/// One run of a sweep while it is read.
TomlValue root_of_run(const TomlValue& root, const std::vector<WrittenSweep>& sweeps,
                      const std::vector<SweptKey>& keys, std::size_t run) {
  TomlValue own = root;
  for (std::size_t k = 0; k < sweeps.size(); ++k)
    put_value(own, sweeps[k].key, sweeps[k].place, sweeps[k].values[index_of_value(keys, run, k)]);
  return own;
}

void read_runs(Sweep& sweep, const TomlValue& root, const std::vector<WrittenSweep>& sweeps,
               const std::string& name, const std::filesystem::path& directory) {
  SweptText text(root, sweeps);
  AlikeTasks alike;
  const std::size_t count = number_of_runs(sweeps);
  for (std::size_t run = 0; run < count; ++run) {
    TomlValue own = root_of_run(root, sweeps, sweep.keys, run);
    try {
      sweep.experiments.push_back(read_root(own, name, directory));
    } catch (const ExperimentError& wrong) {
      throw ExperimentError(wrong.what() + std::string(" (in the run with ") + sweep.values_of(run) + ")");
    }
    sweep.first_alike.push_back(alike.add(own, sweep.experiments.back()));
    text.add(std::move(own));
  }
  sweep.text = text.text();
}

}  // namespace

std::size_t index_of_value(const std::vector<SweptKey>& keys, std::size_t run, std::size_t key) {
  for (std::size_t k = keys.size(); --k > key;) run /= keys[k].numbers.size();
  return run % keys[key].numbers.size();
}

std::string Sweep::values_of(std::size_t run) const {
  constexpr std::size_t longest = 80;
  std::string text;
  for (std::size_t k = 0; k < keys.size(); ++k) {
    const std::string& value = keys[k].texts[index_of_value(keys, run, k)];
    const std::string& shown = keys[k].name.empty() ? keys[k].key : keys[k].name;
    text += (text.empty() ? "" : ", ") + shown + " = " + value.substr(0, longest);
  }
  return text;
}

Sweep parse_sweep(const std::string& text, const std::string& name, const std::filesystem::path& directory,
                  const std::vector<std::string>& settings, const std::vector<std::string>& sweeps) {
  std::deque<Source> sources = {{name, text, false}};
  TomlValue root = parse_toml(sources.front());
  apply_settings(root, settings, sources);
  const std::vector<WrittenSweep> written = take_sweeps(root, settings, sweeps, sources);
  Sweep sweep;
  for (const WrittenSweep& one : written) sweep.keys.push_back(described(one));
  if (!sweep.is_swept()) {
    sweep.experiments.push_back(read_root(root, name, directory));
    sweep.text = sweep.experiments.front().text;
    return sweep;
  }
  read_runs(sweep, root, written, name, directory);
  const std::vector<std::string> names = names_of_dimensions(written, sweep.experiments.front());
  for (std::size_t k = 0; k < names.size(); ++k) sweep.keys[k].name = names[k];
  check_shapes(sweep);
  return sweep;
}

Sweep read_sweep(const std::filesystem::path& file, const std::vector<std::string>& settings,
                 const std::vector<std::string>& sweeps) {
  return parse_sweep(contents_of_experiment(file), file.string(), file.parent_path(), settings, sweeps);
}

}  // namespace umkehr
