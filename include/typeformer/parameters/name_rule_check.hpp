// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <typeformer/contract/leaf_names.hpp>
#include <typeformer/parameters/file_names.hpp>
#include <typeformer/parameters/name_fault.hpp>
#include <typeformer/parameters/rule_match.hpp>

namespace typeformer::detail {

/// Reads the rules of a model against its leaves, in constant evaluation.
template <int Leaves, int Rules, class Names> class name_rule_check {
 public:
  constexpr name_rule_check(const leaf* leaves, const Names& leaf_names, const file_names& files)
      : leaves_{leaves}, names_{leaf_names}, files_{files} {}

  constexpr name_fault run() {
    for (int r = 0; r < Rules; ++r) read_rule(r);
    for (int l = 0; l < Leaves; ++l) check_coverage(l);
    check_tensor_names();
    if (const char* const table = files_.copy_of_the_table[1]; files_.copy_of_the_table[0] && table) check_table(table);
    return fault_;
  }

 private:
  static constexpr std::size_t capacity = std::size_t(4 * Leaves + 5 * Rules + 16);

  constexpr void fail(name_fault fault) {
    if (fault_.what == name_problem::none) fault_ = fault;
  }
  static constexpr index_type stars(std::string_view text) { return std::count(text.begin(), text.end(), '*'); }

  constexpr void read_rule(int r) {
    const file_tensor_rule& rule = files_.rules[r];
    const int parts = rule.leaf_count();
    file_hash_[std::size_t(r)] = rule.file ? hash_without_numbers(rule.file) : 0;
    if (parts == 0) return fail({name_problem::no_such_leaf, r});
    const bool numbers_pieces = rule.file && std::string_view(rule.file).find('#') != std::string_view::npos;
    if (rule.pieces < 1 || (rule.pieces == 1 && numbers_pieces) ||
        (rule.pieces > 1 && !numbers_pieces && (parts == 1 || !rule.file)))
      return fail({name_problem::useless_pieces, r});
    rule_leaves first{};
    for (int p = 0; p < parts; ++p) {
      if (rule.file && stars(rule.file) != stars(rule.leaves[std::size_t(p)]))
        return fail({name_problem::other_numbers, r, p});
      const rule_leaves found = read_part(r, p);
      if (p == 0) first = found;
      if (found.tensors == 0 && (!rule.optional || first.tensors > 0)) return fail({name_problem::no_such_leaf, r, p});
      if (rule.file && !(found == first)) return fail({name_problem::unlike_leaves, r, p});
    }
    is_used_[std::size_t(r)] = first.tensors > 0;
  }

  constexpr rule_leaves read_part(int r, int p) {
    const file_tensor_rule& rule = files_.rules[r];
    const std::string_view pattern = rule.leaves[std::size_t(p)];
    const std::uint32_t hash = hash_without_numbers(pattern);
    rule_leaves found{};
    for (int l = 0; l < Leaves; ++l) {
      rule_match match{r, l, {-1, -1, -1}, rule.first_row, 0};
      rule_leaves one{1, leaves_[l].columns, 0, leaves_[l].kind == parameter_kind::vector};
      if (names_.hash[std::size_t(l)] != hash || !matches_leaf(pattern, names_[l], leaves_[l], match, one)) continue;
      const index_type rows = leaves_[l].rows;
      match.rows = rule.row_count ? rule.row_count : rows - rule.first_row;
      if (rule.first_row < 0 || match.rows <= 0 || rule.first_row + match.rows > rows || match.rows % rule.pieces != 0)
        fail({name_problem::no_such_rows, r, p});
      check_shape(r, p, match.rows * leaves_[l].columns);
      add(match, p);
      one.tensors += found.tensors;
      one.numbers += found.numbers;
      if (found.tensors > 0 && (found.columns != one.columns || found.is_vector != one.is_vector))
        fail({name_problem::unlike_leaves, r, p});
      found = one;
    }
    return found;
  }

  /// A shape of the file's own has as many numbers as the leaves of one tensor, each of which has `of_leaf`.
  constexpr void check_shape(int r, int p, index_type of_leaf) {
    const file_tensor_rule& rule = files_.rules[r];
    if (rule.rank() == 0 || !rule.file) return;
    const bool is_in_pieces = std::string_view(rule.file).find('#') != std::string_view::npos;
    const index_type expected = of_leaf / (is_in_pieces ? rule.pieces : 1) * rule.leaf_count();
    index_type got = 1;
    for (int i = 0; i < rule.rank(); ++i) got *= rule.shape[std::size_t(i)];
    if (got != expected) fail({name_problem::other_shape, r, p, -1, 0, got, expected});
  }

  constexpr void add(const rule_match& match, int part) {
    if (match_count_ == capacity) return fail({name_problem::too_many, match.rule, part});
    for (std::size_t i = 0; i < match_count_; ++i) {
      const rule_match& other = matches_[i];
      bool overlaps =
          other.leaf == match.leaf && other.first < match.first + match.rows && match.first < other.first + other.rows;
      for (std::size_t d = 0; d < maximum_loop_depth; ++d)
        overlaps = overlaps && (other.block[d] < 0 || match.block[d] < 0 || other.block[d] == match.block[d]);
      if (overlaps) fail({name_problem::rows_held_twice, match.rule, part, other.rule, match.leaf});
    }
    matches_[match_count_++] = match;
  }

  /// In every block the rules hold all rows of the leaf, or none.
  constexpr void check_coverage(int l) {
    bool tells_blocks_apart = false, is_held = false;
    for (std::size_t i = 0; i < match_count_; ++i)
      if (matches_[i].leaf == l) {
        is_held = true;
        for (const index_type b : matches_[i].block) tells_blocks_apart = tells_blocks_apart || b >= 0;
      }
    const auto& count = leaves_[l].count;
    const auto blocks = [&](std::size_t d) { return is_held && tells_blocks_apart && count[d] > 0 ? count[d] : 1; };
    bool has_own_name = may_be_saved_whole(l);
    for (index_type a = 0; a < blocks(0); ++a)
      for (index_type b = 0; b < blocks(1); ++b)
        for (index_type c = 0; c < blocks(2); ++c) {
          const index_type held = rows_held(l, {a, b, c}, tells_blocks_apart);
          if (held != 0 && held != leaves_[l].rows)
            fail({name_problem::rows_left_out, 0, 0, -1, l, held, leaves_[l].rows});
          has_own_name = has_own_name || held == 0;
        }
    has_own_name_[std::size_t(l)] = has_own_name;
  }
  /// Files omit the leaf, and have it under its own name after training changed it.
  constexpr bool may_be_saved_whole(int l) const {
    for (std::size_t i = 0; i < match_count_; ++i)
      if (const rule_match& match = matches_[i];
          match.leaf == l && !files_.rules[match.rule].file && files_.rules[match.rule].row_count == 0)
        return true;
    return false;
  }
  constexpr index_type rows_held(int l, std::array<index_type, maximum_loop_depth> block,
                                 bool tells_blocks_apart) const {
    index_type held = 0;
    for (std::size_t i = 0; i < match_count_; ++i) {
      const rule_match& match = matches_[i];
      bool counts = match.leaf == l;
      for (std::size_t d = 0; d < maximum_loop_depth && tells_blocks_apart; ++d)
        counts = counts && (match.block[d] < 0 || match.block[d] == block[d]);
      if (counts) held += match.rows;
    }
    return held;
  }

  constexpr void check_tensor_names() {
    for (int r = 0; r < Rules; ++r) {
      const char* const file = files_.rules[r].file;
      if (!file || !is_used_[std::size_t(r)]) continue;
      for (int s = 0; s < r; ++s)
        if (is_used_[std::size_t(s)] && files_.rules[s].file &&
            file_hash_[std::size_t(r)] == file_hash_[std::size_t(s)] &&
            may_be_the_same(file, files_.rules[s].file, files_.first_block))
          fail({name_problem::same_tensor, r, 0, s});
      for (int l = 0; l < Leaves; ++l)
        if (has_own_name_[std::size_t(l)] && names_.hash[std::size_t(l)] == file_hash_[std::size_t(r)] &&
            may_be_the_same(file, names_[l]))
          fail({name_problem::same_tensor, r, 0, -1, l});
    }
  }

  /// A table that is stored again must be one whole tensor.
  constexpr void check_table(std::string_view table) {
    for (int l = 0; l < Leaves; ++l)
      if (names_[l] == table) {
        for (std::size_t i = 0; i < match_count_; ++i)
          if (matches_[i].leaf == l && (matches_[i].rows != leaves_[l].rows || !files_.rules[matches_[i].rule].file ||
                                        files_.rules[matches_[i].rule].pieces > 1))
            fail({name_problem::no_such_table});
        return;
      }
    fail({name_problem::no_such_table});
  }

  const leaf* leaves_;
  const Names& names_;
  file_names files_;
  std::array<rule_match, capacity> matches_{};
  std::array<std::uint32_t, std::size_t(Rules)> file_hash_{};
  std::array<bool, std::size_t(Rules)> is_used_{};
  std::array<bool, std::size_t(Leaves)> has_own_name_{};
  std::size_t match_count_ = 0;
  name_fault fault_{};
};

}  // namespace typeformer::detail
