// SPDX-License-Identifier: BSL-1.0
#pragma once
#include <typeformer/contract/mismatch.hpp>  // first: it is where compilers report mistakes, with the path of includes

#include <algorithm>
#include <cstdint>
#include <string_view>
#include <utility>

#include <typeformer/contract/inference_error.hpp>
#include <typeformer/contract/model.hpp>
#include <typeformer/contract/options.hpp>
#include <typeformer/execution/call.hpp>
#include <typeformer/execution/executor.hpp>
#include <typeformer/foundation/isa.hpp>
#include <typeformer/foundation/result.hpp>
#include <typeformer/memory/storage.hpp>
#include <typeformer/parameters/weights.hpp>
#include <typeformer/session/batch_tables.hpp>
#include <typeformer/session/held_memory.hpp>
#include <typeformer/session/session_options.hpp>
#include <typeformer/shape/block_view.hpp>

namespace typeformer::inline TYPEFORMER_ISA {

/// The caller has already written the rows.
struct given_rows_operation {
  static constexpr std::int64_t flops(std::int64_t) { return 0; }
};
template <class W, class S> constexpr void execute(given_rows_operation, const call<W>&, block_view<S>) {}

/// A layer, or a composition of layers, as a model of its own: rows in, rows out.
///
/// x [tokens][Width] → y [tokens][width of the layer's output].
template <class Layer, index_type Width> struct layer_alone {
  template <class... Examiners> using examined = infer<Layer, token_rows<Width>, scope<declared<Examiners>...>>;
  using output = examined<>;

  template <class Walk> static constexpr auto walk(Walk& c) {
    const auto x = c.template make<token_rows<Width>>();
    c.run(given_rows_operation{}, out(x));
    return Layer::walk(c, x, scope<>{});
  }
};

/// Use: one sequence of rows through a layer.
template <index_type Tokens> struct evaluating_layer {
  template <class M> using use = walk_use<purpose::evaluate, capacities{1, Tokens, 0}>;
  template <class M> using checked = typename M::output;
  template <class M> using walk = forward_walk<M>;
  template <class M> static constexpr bool gives(const planned_input& input) {
    const std::string_view name = input.name;
    return !input.own && (name == token_positions::name || name == token_segments::name);
  }
};

/// Runs a layer outside a model, to inspect or to test it: one sequence of at most `Tokens` rows, without state.
///
/// Its weights are `weights<layer_session<…>::model>`, which must outlive it. Nothing is allocated after construction.
template <class Layer, class Width, class Tokens>
  requires fits_together<check_arguments<Layer, expects<width<1>, Width>, expects<tokens<1>, Tokens>>> &&
           fits_together<checked_model<layer_alone<Layer, Width::value>>> &&
           fits_together<checked_use<executed<evaluating_layer<Tokens::value>>, layer_alone<Layer, Width::value>>>
class layer_session {
 public:
  using model = layer_alone<Layer, Width::value>;
  using plan = planned<forward_walk<model>, typename evaluating_layer<Tokens::value>::template use<model>>;
  static constexpr index_type input_width = Width::value, output_width = model::output::width,
                              most_rows = Tokens::value;

  explicit layer_session(const weights<model>& values) : weights_{values.view()} {}
  /// Weights that are destroyed after the call would leave a dangling view.
  explicit layer_session(const weights<model>&&) = delete;
  bool available() const { return arena_.available() && detail::has_values<model>(weights_); }

  /// y [rows][output_width] for x [rows][input_width]; valid until the next call.
  ///
  /// Errors: no rows, or more than `most_rows`; no memory.
  result<rows_view<const float>, inference_error> run(index_type rows, rows_view<const float> x) {
    using problem = inference_error::problem;
    if (!available()) return rejected(problem::no_memory, 0, 0, 0);
    if (rows < 1) return rejected(problem::no_tokens, 0, rows, 1);
    if (rows > most_rows) return rejected(problem::too_many_tokens, 0, rows, most_rows);
    tables_.clear();
    tables_.start_sequence(0);
    for (index_type row = 0; row < rows; ++row) {
      tables_.add(0, row);
      std::copy_n(x[row], input_width, arena_.data() + plan::value.buffers[0].offset + row * input_width);
    }
    const token_batch batch = tables_.view();
    const inline_workers workers{};
    executor<plan, float, weights_view> context({arena_.data()}, weights_, batch, workers);
    return rows_view<const float>{context.view(forward_walk<model>::walk(context))};
  }

 private:
  using weights_view = decltype(std::declval<const weights<model>&>().view());

  storage::owned::array<float, plan::value.arena[0]> arena_;
  batch_tables<1, Tokens::value> tables_;
  weights_view weights_;
};

}  // namespace typeformer::inline TYPEFORMER_ISA
