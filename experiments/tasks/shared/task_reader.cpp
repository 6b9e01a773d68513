// SPDX-License-Identifier: GPL-3.0-or-later
#include "experiments/tasks/shared/task_reader.hpp"

#include <algorithm>
#include <stdexcept>

#include "experiments/input/grid_sample.hpp"
#include "experiments/text/short_number.hpp"

namespace umkehr {
namespace {

constexpr double max_steps = 1e9;

double read_step(const TomlValue& value, const Times& times) {
  const double length = times.stop - times.start;
  const double step = read_number(value, "dt", {0, length, false, true});
  if (length / step > max_steps) refuse(value, "dt", "makes more than 1e9 steps; take a longer step");
  return step;
}

}  // namespace

const TaskKey& TaskReader::known(std::string_view key) const {
  const auto found =
      std::find_if(kind_.keys.begin(), kind_.keys.end(), [&](const TaskKey& one) { return one.name == key; });
  if (found == kind_.keys.end())
    throw std::logic_error("the list of keys of " + kind_.name + " lacks " + std::string(key));
  return *found;
}

double TaskReader::number(std::string_view key) {
  return read_number(section.with_default(key, known(key).usual.value()), key, known(key).range);
}

std::size_t TaskReader::count(std::string_view key, std::size_t most) {
  const Range& range = known(key).range;
  return read_count(section.with_default(key, known(key).usual.value()), key,
                    static_cast<std::size_t>(range.low),
                    std::min(static_cast<std::size_t>(range.high), most));
}

bool TaskReader::flag(std::string_view key, bool usual) {
  const TomlValue& value = section.with_default(key, TomlValue::of(usual));
  if (!value.is(TomlValue::Kind::boolean)) refuse(value, key, "is neither true nor false");
  return value.boolean;
}

std::size_t TaskReader::word(std::string_view key, std::size_t usual) {
  const std::vector<std::string>& words = known(key).words;
  const std::string word = read_choice(section.with_default(key, TomlValue::of(words.at(usual))), key, words);
  return static_cast<std::size_t>(std::find(words.begin(), words.end(), word) - words.begin());
}

std::optional<Law> TaskReader::density_if_given(const std::string& key) {
  TomlValue* value = section.find(known(key).name);
  return value ? std::optional(read_law(*value, key, input.laws)) : std::nullopt;
}

std::vector<double> TaskReader::numbers(std::string_view key, std::size_t count) {
  return read_numbers(require(key), key, count, known(key).range);
}

std::vector<double> TaskReader::one_an_axis(std::string_view key) {
  const TomlValue* value = section.find(key);
  if (!value) return {};
  const std::size_t dimension = space().dimension();
  if (value->is(TomlValue::Kind::array)) return read_numbers(*value, key, dimension, known(key).range);
  return std::vector<double>(dimension, read_number(*value, key, known(key).range));
}

Formula TaskReader::terminal() {
  const TomlValue& value = require("terminal");
  Formula terminal = input.laws.formulas.read(value, "terminal");
  if (!space().has_grid()) return terminal;
  if (const auto point = extremes(terminal, input.times.stop, grid()).where_not_finite)
    refuse(value, "terminal",
           "is not finite at " + *point + ", t = " + short_number(input.times.stop) +
               "; it must be finite on the whole grid");
  return terminal;
}

void TaskReader::step_control(double& tolerance, std::optional<double>& step) {
  if (const TomlValue* dt = section.find("dt")) step = read_step(*dt, input.times);
  const TomlValue* value =
      step ? section.find("tolerance") : &section.with_default("tolerance", TomlValue::of(tolerance));
  if (value) tolerance = read_number(*value, "tolerance", known("tolerance").range);
}

void TaskReader::hermite_bases(std::vector<double>& centre, std::vector<double>& scale) {
  centre = one_an_axis("centre");
  scale = one_an_axis("scale");
}

std::shared_ptr<ForwardRun> TaskReader::forward(Task& task) {
  const TomlValue& of = require("of");
  task.of = read_string(of, "of");
  std::string allowed;
  for (const auto& earlier : input.before) {
    if (!earlier->forward) continue;
    if (earlier->name == task.of) return earlier->forward;
    allowed += (allowed.empty() ? "" : ", ") + earlier->name;
  }
  refuse(of, "of",
         "is no earlier task that solves \"fokker-planck\"; " +
             (allowed.empty() ? "there is none before this one" : "there is " + allowed));
}

std::shared_ptr<ForwardRun> TaskReader::forward_named(const TomlValue& value) const {
  if (!value.is(TomlValue::Kind::string)) return nullptr;
  for (const auto& earlier : input.before)
    if (earlier->name == value.string) return earlier->forward;
  return nullptr;
}

bool TaskReader::names_a_control(const TomlValue& value) const {
  return value.is(TomlValue::Kind::string) &&
         std::any_of(input.before.begin(), input.before.end(), [&](const auto& earlier) {
           return earlier->name == value.string && earlier->kind->find("control_x") != nullptr;
         });
}

TaskKeys step_keys() {
  using enum TaskKey::Type;
  return {
      {"tolerance", number, "the error of the steps in time that is allowed, relative", {}, any_tolerance},
      {"dt", number, "one length for all steps in time"}};
}

TaskKeys hermite_keys() {
  using enum TaskKey::Type;
  return {{"centre", numbers, "where Hermite functions are centred, one number an axis", {}, any_number},
          {"scale", numbers, "their scale, one number an axis", "of Hermite bases", any_positive}};
}

std::string control_text(const std::optional<double>& step, double tolerance) {
  return step ? "dt " + short_number(*step) : "tolerance " + short_number(tolerance);
}

}  // namespace umkehr
