// SPDX-License-Identifier: GPL-3.0-or-later
#include <algorithm>
#include <numeric>
#include <set>

#include "solver/process/formula/formula_operations.hpp"
#include "solver/process/formula/formula_tokens.hpp"

namespace umkehr {

bool is_reserved_name(std::string_view name) {
  return name == "t" || name == "pi" || name == "e" || expression::function_named(name).has_value();
}

namespace expression {
namespace {

// Levenshtein's distance, an exchange of neighbours counting as one.
std::size_t distance(std::string_view a, std::string_view b) {
  std::vector<std::size_t> before_last(b.size() + 1), last(b.size() + 1), row(b.size() + 1);
  std::iota(last.begin(), last.end(), std::size_t{0});
  for (std::size_t i = 1; i <= a.size(); ++i) {
    row[0] = i;
    for (std::size_t j = 1; j <= b.size(); ++j) {
      const std::size_t changed = last[j - 1] + (a[i - 1] == b[j - 1] ? 0 : 1);
      row[j] = std::min({changed, last[j] + 1, row[j - 1] + 1});
      if (i > 1 && j > 1 && a[i - 1] == b[j - 2] && a[i - 2] == b[j - 1])
        row[j] = std::min(row[j], before_last[j - 2] + 1);
    }
    std::swap(before_last, last);
    std::swap(last, row);
  }
  return last[b.size()];
}

std::vector<std::string> variables(const FormulaNames& names) {
  std::vector<std::string> known = names.axes;
  known.insert(known.end(), {"t", "pi", "e"});
  for (const auto& [name, text] : names.definitions) known.push_back(name);
  return known;
}

std::string listed(const std::vector<std::string>& names) {
  std::string list;
  for (const std::string& name : names) list += (list.empty() ? "" : ", ") + name;
  return list;
}

// A search in depth whose stack is a list, since definitions may be nested as deep as there are definitions.
class Search {
 public:
  Search(std::string_view text, const FormulaNames& names) : names_(names) {
    open({text, {}});
    while (!stack_.empty()) advance();
  }
  std::vector<Reading> order;

 private:
  struct Open {
    Reading reading;
    std::size_t next = 0;
  };

  void open(Source source) {
    std::vector<Token> words = tokens(source);
    stack_.push_back({{std::move(source), std::move(words)}, 0});
  }

  void advance() {
    Open& top = stack_.back();
    if (top.next == top.reading.tokens.size()) {
      done_.insert(top.reading.source.definition);
      order.push_back(std::move(top.reading));
      stack_.pop_back();
      return;
    }
    const Token& token = top.reading.tokens[top.next++];
    if (token.kind != Token::Kind::name) return;
    const auto definition = names_.definitions.find(std::string(token.text));
    if (definition == names_.definitions.end() || done_.contains(definition->first)) return;
    refuse_circle(definition->first, top.reading.source, token.column);
    opened_.insert(definition->first);
    open({definition->second, definition->first});
  }

  void refuse_circle(const std::string& name, const Source& source, std::size_t column) const {
    if (!opened_.contains(name)) return;
    constexpr std::size_t max_shown = 8;
    const auto first = std::find_if(stack_.begin(), stack_.end(),
                                    [&](const Open& open) { return open.reading.source.definition == name; });
    std::string circle;
    std::size_t shown = 0;
    for (auto open = first; open != stack_.end(); ++open)
      if (++shown <= max_shown) circle += open->reading.source.definition + " -> ";
    if (shown > max_shown) circle += "... -> ";
    source.fail("definitions go in a circle: " + circle + name, column);
  }

  const FormulaNames& names_;
  std::vector<Open> stack_;
  std::set<std::string> opened_, done_;
};

}  // namespace

std::vector<Reading> reading_order(std::string_view text, const FormulaNames& names) {
  return std::move(Search(text, names).order);
}

std::string unknown_name(std::string_view name, const FormulaNames& names) {
  const std::vector<std::string> known = variables(names), functions = function_names();
  const std::string message = "unknown name " + quoted(name);
  std::string nearest;
  std::size_t least = std::max<std::size_t>(1, std::min<std::size_t>(name.size() / 3, 3)) + 1;
  for (const auto* list : {&known, &functions})
    for (const std::string& candidate : *list) {
      const std::size_t difference =
          std::max(name.size(), candidate.size()) - std::min(name.size(), candidate.size());
      if (difference >= least || std::max(name.size(), candidate.size()) == 1) continue;
      if (const std::size_t d = distance(name, candidate); d < least) {
        least = d;
        nearest = candidate;
      }
    }
  if (!nearest.empty()) return message + "; did you mean " + quoted(nearest) + "?";
  return message + "; known are " + listed(known) + " and the functions " + listed(functions);
}

}  // namespace expression
}  // namespace umkehr
