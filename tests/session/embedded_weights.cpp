// SPDX-License-Identifier: BSL-1.0
// Weights for flash: the order in which processors with other vectors read them, and the self-test. tests/embedded has
// images that typeformer-import wrote, on boards.
#include <typeformer/parameters/narrow_weights_order.hpp>
#include <typeformer/session/embedded_weights.hpp>
#include <typeformer/session/self_test.hpp>
#include <typeformer/typeformer.hpp>

#include <support/catch.hpp>

namespace {

namespace tf = typeformer;

struct my_gpt
    : tf::decoder_only<tf::token_embedding<tf::vocabulary<50>, tf::width<24>>, tf::learned_positions<tf::context<64>>,
                       tf::repeat<2, tf::pre_norm_block<tf::self_attention<tf::heads<3>, tf::causal>,
                                                        tf::feed_forward<40, tf::gelu_tanh>>>,
                       tf::layer_norm<>, tf::tied_head> {};
struct my_encoder
    : tf::encoder_only<tf::token_embedding<tf::vocabulary<50>, tf::width<24>>, tf::learned_positions<tf::context<16>>,
                       tf::post_norm_block<tf::self_attention<tf::heads<3>>, tf::feed_forward<40, tf::gelu_erf>>> {};

template <class M> const tf::parameters<M>& drawn() {
  static const tf::parameters<M> values = [] {
    tf::parameters<M> made;
    tf::philox random{7};
    for (tf::index_type i = 0; i < made.size(); ++i) made.data()[i] = float(tf::standard_normal(random)) / 8;
    return made;
  }();
  return values;
}

/// As typeformer-import writes it, but in memory that a test can change.
template <class M, class Format> struct image {
  using model = M;
  using format = Format;
  static constexpr tf::index_type lanes = tf::simd::pack<float>::lanes;
  static constexpr tf::index_type words = tf::index_type(tf::weights_order<M, Format>{lanes}.words());
  static inline float storage[words];
  static inline std::uint32_t checksum;
  static constexpr std::int32_t golden_input[] = {3, 1, 4, 1, 5};
  static inline float golden_output[M::output::width];
  static constexpr float tolerance = 0;
  static const float* data() { return storage; }

  /// Session or forward pass.
  template <class Runner> static void write() {
    tf::weights_order<M, Format>{lanes}.lay_out(drawn<M>().data(), storage);
    checksum = tf::checksum_of(storage, words);
    const tf::weights<M, Format> weights{drawn<M>()};
    Runner run{weights};
    const auto row = tf::detail::last_row<M>(run, golden_input);
    REQUIRE(row);
    std::copy(row->begin(), row->end(), golden_output);
  }
};
using my_gpt_image = image<my_gpt, float>;
using my_gpt_weights = tf::embedded_weights<my_gpt_image>;

static tf::session<my_gpt, tf::tokens<8>, tf::context<64>, tf::reads<my_gpt_weights>, tf::storage::in_place> run{
    my_gpt_weights{}};

bool start() { return bool(tf::self_test<my_gpt_image>(run)); }

using my_board = tf::budget<tf::flash<1024 * 1024>, tf::ram<320 * 1024>, tf::stack<128 * 1024>>;
using use = tf::decoding_with<tf::tokens<8>, tf::context<64>, tf::reads<my_gpt_weights>>;
static_assert(tf::fits<my_gpt, use, my_board, tf::native>);
static_assert(sizeof run == tf::footprint<my_gpt, use, tf::native>::ram_bytes);
static_assert(4 * my_gpt_image::words == tf::footprint<my_gpt, use, tf::native>::weights_bytes);

[[gnu::section(".dtcm")]] static tf::storage::region<tf::footprint<my_gpt, use>::arena_bytes> fast;
[[gnu::section(".sdram")]] static tf::storage::region<tf::footprint<my_gpt, use>::state_bytes> large;

static tf::session<my_gpt, tf::tokens<8>, tf::context<64>, tf::reads<my_gpt_weights>, tf::storage::placed<fast, large>>
    placed_run{my_gpt_weights{}};

template <class Format> void reads_what_was_narrowed() {
  using flash = image<my_gpt, Format>;
  using reads_flash = tf::reads<tf::embedded_weights<flash>>;
  flash::template write<tf::session<my_gpt, tf::reads<tf::weights<my_gpt, Format>>>>();
  const tf::embedded_weights<flash> weights{};
  tf::session<my_gpt, reads_flash> session{weights};
  CHECK(tf::self_test<flash>(session));  // to the last bit: on the same processor
  CHECK(session.length() == 0);
}

}  // namespace

TEST_CASE("reads weights of every format in place, with the results of weights that were packed here") {
  reads_what_was_narrowed<float>();
  reads_what_was_narrowed<tf::bf16>();
  reads_what_was_narrowed<tf::int8<>>();
  reads_what_was_narrowed<tf::int4<>>();
}

TEST_CASE("lays weights out for a processor with any vectors") {
  for (const tf::index_type lanes : {1, 4, 8, 16}) {
    INFO(lanes);
    const tf::weights_order<my_gpt, float> order{lanes};
    std::vector<float> words(std::size_t(order.words())), matrix;
    order.lay_out(drawn<my_gpt>().data(), words.data());
    tf::for_each_tensor(tf::layout_of<my_gpt>, [&](const tf::parameter_tensor& t) {
      if (!tf::is_first_of_operand(tf::layout_of<my_gpt>, t)) return;
      const tf::index_type rows = tf::rows_of_operand(tf::layout_of<my_gpt>, t), columns = t.of->columns;
      matrix.assign(std::size_t(rows * columns), 0);
      const float* const found = words.data() + t.offset;
      if (t.of->kind != tf::parameter_kind::matrix) std::copy_n(found, rows * columns, matrix.data());
      else
        tf::kernels::unpack_panels(tf::panel_view<const float>{found, rows, columns, lanes > 1 ? 3 * lanes : 1},
                                   matrix.data());
      CHECK(std::equal(matrix.begin(), matrix.end(), drawn<my_gpt>().data() + t.offset));
    });
  }
  // Without vectors it is the canonical order.
  std::vector<float> words(std::size_t(tf::weights_order<my_gpt, float>{1}.words()));
  tf::weights_order<my_gpt, float>{1}.lay_out(drawn<my_gpt>().data(), words.data());
  CHECK(std::equal(words.begin(), words.end() - 1, drawn<my_gpt>().data()));
}

TEST_CASE("finds a flipped bit anywhere, another output and a golden input that does not fit: self_test") {
  using problem = tf::self_test_error::problem;
  my_gpt_image::write<tf::session<my_gpt>>();
  CHECK(start());
  CHECK(tf::self_test<my_gpt_image>(placed_run));
  for (const tf::index_type word : {tf::index_type{0}, my_gpt_image::words / 2, my_gpt_image::words - 1}) {
    float& changed = my_gpt_image::storage[word];
    const float was = changed;
    for (const unsigned bit : {0u, 13u, 31u}) {
      changed = std::bit_cast<float>(std::bit_cast<std::uint32_t>(was) ^ 1u << bit);
      const auto tested = tf::self_test<my_gpt_image>(run);
      REQUIRE_FALSE(tested);
      CHECK(tested.error().what == problem::weights_have_changed);
      CHECK(tested.error().message() == "the weights are not those of the image");
    }
    changed = was;
  }
  my_gpt_image::golden_output[17] += 1e-3f;
  const auto tested = tf::self_test<my_gpt_image>(run);
  REQUIRE_FALSE(tested);
  CHECK(tested.error().what == problem::output_differs);
  CHECK(tested.error().message() == "number 17 of the output differs from that of the image");
  my_gpt_image::golden_output[17] = std::numeric_limits<float>::quiet_NaN();
  CHECK_FALSE(start());
  my_gpt_image::write<tf::session<my_gpt>>();
  CHECK(start());

  tf::session<my_gpt, tf::context<4>, tf::reads<my_gpt_weights>> short_one{my_gpt_weights{}};
  const auto rejected = tf::self_test<my_gpt_image>(short_one);
  REQUIRE_FALSE(rejected);
  CHECK(rejected.error().what == problem::input_was_rejected);
  CHECK(rejected.error().rejected.what == tf::inference_error::problem::context_is_full);
}

TEST_CASE("tests an encoder by the last row of its output") {
  using flash = image<my_encoder, float>;
  flash::write<tf::forward_pass<my_encoder>>();
  tf::forward_pass<my_encoder, tf::reads<tf::embedded_weights<flash>>> pass{tf::embedded_weights<flash>{}};
  CHECK(tf::self_test<flash>(pass));
  flash::golden_output[0] += 1e-3f;
  CHECK_FALSE(tf::self_test<flash>(pass));
}
