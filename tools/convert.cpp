// SPDX-License-Identifier: BSL-1.0
#include <cctype>
#include <cstdio>
#include <exception>
#include <map>
#include <string>

#include <CLI/CLI.hpp>

#include "convert/conversion.hpp"

namespace {

constexpr int failed = 2;

int stop(const std::string& sentence) {
  std::fprintf(stderr, "typeformer-convert: %s\n", typeformer::printable(sentence).c_str());
  return failed;
}

int run(const convert::conversion_request& request) {
  namespace tf = typeformer;
  const auto format = convert::output_format_of(request.to);
  if (!format) return stop(request.to + ": expected a name that ends with .safetensors, .gguf or .npz");
  if (*format != convert::output_format::gguf && request.type && !convert::can_hold(*format, *request.type))
    return stop("--type " + std::string(tf::name_of(*request.type)) + ": " + request.to + " cannot hold it");
  const auto written = convert::convert_model(request, *format);
  if (!written) return stop(written.error().message());
  std::map<std::string, std::size_t> counts;
  for (const tf::tensor_dtype type : *written) ++counts[std::string(tf::name_of(type))];
  std::string types;
  for (const auto& [type, count] : counts) types += (types.empty() ? "" : ", ") + std::to_string(count) + " " + type;
  std::printf("%s: %zu tensors (%s)\n", tf::printable(request.to).c_str(), written->size(), types.c_str());
  return 0;
}

}  // namespace

int main(int argc, char** argv) {
  convert::conversion_request request;
  std::string type;
  bool is_adjacent = false;
  CLI::App app{
      "Converts a model's tensors: safetensors, GGUF and llama2.c's files to safetensors, GGUF or NumPy's .npz. Names "
      "and "
      "orders are those of Hugging Face and of llama.cpp, where the family is known: by config.json beside the input, "
      "or by "
      "the metadata of a GGUF file. A GGUF file also gets the folder's tokenizer and chat template."};
  app.add_option("input", request.from, "A .safetensors, .index.json, .gguf or .bin file, or a folder")
      ->required()
      ->check(CLI::ExistingPath);
  app.add_option("output", request.to, "A file that ends with .safetensors, .gguf or .npz; it is replaced")->required();
  app.add_option("--type", type,
                 "Of the numbers (as in the input, where the output can hold it). In GGUF vectors, and "
                 "matrices with broken blocks, become F32")
      ->check(CLI::IsMember({"f32", "f16", "bf16", "q8_0", "q4_0", "q4_1", "q5_0", "q5_1"}, CLI::ignore_case));
  app.add_flag("--adjacent-pairs", is_adjacent,
               "The model rotates adjacent pairs, as llama2.c's do: rows of queries and keys stay in that order");
  app.footer("Exit code: 0, or 2 if the output is not written; then it is as it was.");
  try {
    app.parse(argc, argv);
  } catch (const CLI::ParseError& error) {
    return app.exit(error) == 0 ? 0 : failed;
  }
  for (char& letter : type) letter = static_cast<char>(std::toupper(static_cast<unsigned char>(letter)));
  request.type = typeformer::dtype_named(type);
  if (is_adjacent) request.pairs = typeformer::rotary_order::adjacent;
  try {
    return run(request);
  } catch (const std::exception& cause) {
    return stop(cause.what());
  }
}
