// SPDX-License-Identifier: BSL-1.0
#include <typeformer/hosted/weights/save_gguf.hpp>

#include <algorithm>

#include <hosted/formats_support.hpp>
#include <hosted/gguf_support.hpp>
#include <support/catch.hpp>
#include <support/random_parameters.hpp>
#include <support/shared_data.hpp>
#include <support/stories_model.hpp>
#include <typeformer/hosted/formats/gguf_metadata_builder.hpp>
#include <typeformer/hosted/formats/model_file.hpp>
#include <typeformer/hosted/weights/load.hpp>
#include <typeformer/hosted/weights/load_body.hpp>
#include <typeformer/hosted/weights/save.hpp>
#include <typeformer/models/bert.hpp>
#include <typeformer/models/gpt2.hpp>
#include <typeformer/models/llama.hpp>
#include <typeformer/models/t5.hpp>

// Models in GGUF files, under the names and in the orders of llama.cpp.
namespace typeformer {
namespace {

using testing::bytes_of_file, testing::check_gguf_round_trip, testing::gguf_metadata_for, testing::random_parameters,
    testing::scratch_folder, testing::stories;

constexpr llama_config half_split(llama_config config) { return config.turns_adjacent_pairs = false, config; }
struct half_split_stories : llama<half_split(testing::stories_config)> {};
struct small_llama : llama<llama_config{.layers = 2,
                                        .width = 16,
                                        .heads = 4,
                                        .key_value_heads = 2,
                                        .hidden = 24,
                                        .vocabulary = 20,
                                        .context = 8,
                                        .attention_bias = true}> {};
struct long_llama
    : llama<llama_config{
                .layers = 1, .width = 16, .heads = 2, .hidden = 8, .vocabulary = 20, .context = 128, .theta = 500},
            silu, llama3_frequencies<8.0, 1.0, 4.0, 64>> {};
struct small_gpt2 : gpt2<gpt2_config{.layers = 2, .width = 12, .heads = 2, .vocabulary = 20, .context = 8}> {};
struct small_bert
    : bert_body<bert_config{.layers = 2, .width = 12, .heads = 2, .vocabulary = 20, .context = 8}, gelu_erf> {};
constexpr t5_config t5_numbers{.layers = 2,
                               .width = 12,
                               .heads = 2,
                               .head_width = 6,
                               .hidden = 16,
                               .vocabulary = 32,
                               .context = 12,
                               .buckets = 8,
                               .maximum_distance = 12};
struct small_t5 : t5<t5_numbers> {};

template <Model M> std::vector<float> loaded(const std::string& path) {
  const auto values = load_parameters<M, model_file>(path);
  INFO((values ? "" : values.error().message()));
  REQUIRE(values);
  return {values->data(), values->data() + values->size()};
}

}  // namespace

TEST_CASE("reads the same parameters from llama2.c's file, safetensors and GGUF: stories260K", "[gguf]") {
  TYPEFORMER_NEEDS_SHARED(folder, "weights/stories260K");
  const std::string file = (folder / "stories260K").string();
  const std::vector<float> expected = loaded<stories>(file + ".safetensors");
  CHECK(loaded<stories>(file + ".bin") == expected);
  CHECK(loaded<stories>(file + ".gguf") == expected);
}

TEST_CASE("reads queries and keys of adjacent pairs for a model that rotates half-split ones: stories260K", "[gguf]") {
  TYPEFORMER_NEEDS_SHARED(folder, "weights/stories260K");
  const std::string file = (folder / "stories260K").string();
  const std::vector<float> adjacent = loaded<stories>(file + ".gguf"),
                           half_split = loaded<half_split_stories>(file + ".gguf");
  CHECK(loaded<half_split_stories>(file + ".bin") == half_split);
  constexpr index_type head = 8, width = 64;
  int moved = 0;
  for_each_tensor(layout_of<stories>, [&](const parameter_tensor& tensor) {
    const std::string name(tensor.name().view());
    const bool is_turned = name.ends_with(".query.weight") || name.ends_with(".key.weight");
    for (index_type row = 0; row < tensor.of->rows; ++row) {
      const index_type in_head = row % head;
      const index_type from = is_turned ? row - in_head + 2 * (in_head % (head / 2)) + in_head / (head / 2) : row;
      const auto row_of = [&](const std::vector<float>& values, index_type r) {
        return values.begin() + tensor.offset + r * tensor.of->columns;
      };
      CHECK(std::equal(row_of(half_split, row), row_of(half_split, row) + tensor.of->columns, row_of(adjacent, from)));
      moved += is_turned && row != from ? 1 : 0;
    }
  });
  CHECK(moved > 0);
  CHECK(width % head == 0);
}

TEST_CASE("saves, loads and saves the same bytes", "[gguf]") {
  check_gguf_round_trip<small_llama>("llama", 4, 2);
  check_gguf_round_trip<stories>("llama", 8, 4);
  check_gguf_round_trip<half_split_stories>("llama", 8, 4);
  check_gguf_round_trip<small_gpt2>("gpt2", 2, 2);
  check_gguf_round_trip<small_bert>("bert", 2, 2);
  check_gguf_round_trip<small_t5>("t5", 2, 2);
}

TEST_CASE("stores Conv1D's matrices as [outputs][inputs]", "[gguf]") {
  const scratch_folder folder;
  const parameters<small_gpt2> values = random_parameters<small_gpt2>(7);
  const auto [given, stored] = save_both_ways(folder, values, gguf_metadata_for("gpt2", 2, 2));
  const stored_tensor *const conv = given.find("transformer.h.1.mlp.c_fc.weight"), *const up = stored.find(
                                                                                       "blk.1.ffn_up.weight");
  REQUIRE(conv);
  REQUIRE(up);
  CHECK(shape_text(conv->shape) == "[12, 48]");
  CHECK(shape_text(up->shape) == "[48, 12]");
  std::vector<float> in_out(12 * 48), out_in(12 * 48);
  REQUIRE(read_floats(*conv, in_out));
  REQUIRE(read_floats(*up, out_in));
  for (std::size_t in = 0; in < 12; ++in)
    for (std::size_t out = 0; out < 48; ++out) CHECK(in_out[in * 48 + out] == out_in[out * 12 + in]);
}

TEST_CASE("names what is wrong with a GGUF file for a model", "[gguf]") {
  const scratch_folder folder;
  const std::string path = folder / "a.gguf";
  const parameters<small_llama> values = random_parameters<small_llama>(7);
  const auto error_of_saving = [&](std::span<const gguf_entry> metadata) {
    const auto saved = save_gguf(path, values, metadata);
    return saved ? std::string("saved") : saved.error().message();
  };
  CHECK(error_of_saving({}) == path + ": key \"general.architecture\" is missing: expected a text");
  CHECK(error_of_saving(gguf_metadata_for("mamba", 4, 2).entries()) ==
        path + ": unknown general.architecture: expected one of gguf_families, found mamba");
  CHECK(error_of_saving(gguf_metadata_for("llama", 5, 2).entries()) ==
        path +
            ": tensor \"model.layers.0.self_attn.q_proj.weight\": its order depends on the number of heads: expected "
            "llama.attention.head_count that divides its rows, found [16, 16]");
  CHECK(error_of_saving(gguf_metadata_for("gpt2", 4, 2).entries()) ==
        path + ": tensor \"model.embed_tokens.weight\": llama.cpp has no name for this tensor: found gpt2");
  CHECK(testing::names_in(folder).empty());

  REQUIRE(save_gguf(path, values, gguf_metadata_for("llama", 4, 2).entries()));
  const auto file = gguf_file::open(path);
  REQUIRE(file);
  std::vector<tensor_to_write> tensors;
  for (const stored_tensor& t : file->tensors()) tensors.push_back({t.name, t.dtype, t.shape, t.bytes});
  gguf_metadata_builder metadata;
  const auto error_of_loading = [&](const std::vector<tensor_to_write>& written) {
    REQUIRE(write_gguf(folder / "b.gguf", written, metadata.entries()));
    const auto again = load_parameters<small_llama, model_file>(folder / "b.gguf");
    return again ? std::string("loaded") : again.error().message();
  };
  CHECK(error_of_loading(tensors) == folder / "b.gguf" +
                                         ": tensor \"model.embed_tokens.weight\": is missing: expected "
                                         "[20, 16], found no such tensor");
  metadata.set("general.architecture", "llama");
  CHECK(error_of_loading(tensors).find("its order depends on the number of heads") != std::string::npos);
  metadata.set_all(file->metadata().entries());
  CHECK(error_of_loading(tensors) == "loaded");
  auto changed = tensors;
  const std::vector<std::byte> bytes(18 * 16 * 20 / 32);
  const std::int64_t wide[] = {10, 32};
  changed[0] = {"token_embd.weight", tensor_dtype::iq4_nl, wide, bytes};
  CHECK(error_of_loading(changed) == folder / "b.gguf" +
                                         ": tensor \"model.embed_tokens.weight\": wrong element type: "
                                         "expected " +
                                         std::string(names_of_float_types) + ", found IQ4_NL");
  changed[0] = tensors[0];
  changed.push_back({"rope_freqs.weight", tensor_dtype::f32, tensors[1].shape, tensors[1].bytes});
  CHECK(error_of_loading(changed) == "loaded");
  changed.back().name = "blk.0.ssm_a";
  CHECK(error_of_loading(changed).find("tensor \"blk.0.ssm_a\": the model has no such tensor") != std::string::npos);
}

TEST_CASE("writes the table of Llama 3's rotary scaling", "[gguf]") {
  const scratch_folder folder;
  const std::string path = folder / "model.gguf";
  REQUIRE(save_gguf(path, random_parameters<long_llama>(7), gguf_metadata_for("llama", 2, 2).entries()));
  const auto file = gguf_file::open(path);
  REQUIRE(file);
  const stored_tensor* const table = file->find("rope_freqs.weight");
  REQUIRE(table != nullptr);
  std::vector<float> divisors(4);
  REQUIRE(read_floats(*table, divisors));
  // Periods in 64 tokens: 10.2, 2.15, 0.46, 0.10; between 1 and 4 a frequency is between itself and its eighth.
  CHECK(divisors[0] == 1);
  CHECK(divisors[1] == Approx(2.166375).epsilon(1e-5));
  CHECK((divisors[2] == Approx(8) && divisors[3] == Approx(8)));
  CHECK(file->metadata().numbers("typeformer.llama3_scaling").value() == std::vector<double>{8, 1, 4, 64});
  CHECK(load<long_llama, model_file>(path));
  REQUIRE(save_gguf(path, random_parameters<small_llama>(7), gguf_metadata_for("llama", 4, 2).entries()));
  CHECK(gguf_file::open(path)->find("rope_freqs.weight") == nullptr);
}

TEST_CASE("reads GGUF only with its reader, and says which that is", "[gguf]") {
  const scratch_folder folder;
  const std::string path = folder / "model.gguf";
  parameters<small_llama> values = random_parameters<small_llama>(7);
  REQUIRE(save_gguf(path, values, gguf_metadata_for("llama", 4, 2).entries()));
  CHECK(load<small_llama>(path).error().message() ==
        path + ": GGUF and llama2.c's .bin are read by load<M, model_file> (typeformer/hosted/formats/model_file.hpp)");
  for (const std::string& given : {path, folder.path().string()}) {
    CHECK_FALSE(load<small_llama>(given));
    CHECK(load<small_llama, model_file>(given));
    const std::vector<float> before(values.data(), values.data() + values.size());
    std::fill_n(values.data(), values.size(), 0.0F);
    CHECK(load_body<small_llama, model_file>(given, values, [](std::string_view) { return false; }));
    CHECK(std::equal(before.begin(), before.end(), values.data()));
  }
  REQUIRE(save(folder / "model.safetensors", values));
  const auto preferred = model_file::open(folder.path().string());
  REQUIRE(preferred);
  CHECK(preferred->path() == folder / "model.safetensors");
  CHECK(preferred->tensors()[0].decode == nullptr);
}

TEST_CASE("rejects a file of llama2.c whose numbers contradict its size", "[gguf]") {
  TYPEFORMER_NEEDS_SHARED(folder, "weights/stories260K");
  const scratch_folder scratch;
  const std::string bytes = bytes_of_file(folder / "stories260K.bin"), path = scratch / "a.bin";
  const auto problem_of = [&](std::string_view content) {
    testing::write_file(path, content);
    const auto file = llama2c_checkpoint::open(path, rotary_order::adjacent);
    return file ? std::string("opened") : file.error().problem;
  };
  CHECK(problem_of(bytes) == "opened");
  CHECK(problem_of(bytes.substr(0, 20)) == "too small for llama2.c");
  CHECK(problem_of(bytes.substr(0, bytes.size() - 4)) == "truncated, or no checkpoint of llama2.c");
  CHECK(problem_of(bytes + "1234") == "data after the last tensor");
  for (std::size_t i = 0; i < 28; ++i)
    for (const char value : {'\0', '\x7f', '\x80', '\xff'}) {
      std::string damaged = bytes;
      damaged[i] = value;
      CHECK((problem_of(damaged) == "opened") == (damaged == bytes));
    }
}

}  // namespace typeformer
