// SPDX-License-Identifier: BSL-1.0
#include <cstddef>
#include <cstdint>
#include <span>
#include <string_view>

#include <typeformer/hosted/formats/gguf.hpp>
#include <typeformer/hosted/tokenizers/gguf_tokenizer.hpp>

/// The vocabulary of a GGUF file, which then encodes and decodes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  const auto file =
      typeformer::gguf_file::view(std::as_bytes(std::span(bytes, size)), "t.gguf", typeformer::gguf_contents::header);
  if (!file) return 0;
  auto with = typeformer::gguf_tokenizer(file->metadata());
  if (!with) return with.error().message().empty() ? __builtin_trap(), 0 : 0;
  for (const std::string_view text :
       {"It's a t\xC3\xA9st <s> [MASK]  12 \xE4\xB8\x96\xF0\x9F\x98\x81", "\xFF\xC3", ""}) {
    const auto encoded = with->encode_pair(text, "two");
    if (encoded) (void)with->decode(encoded->ids, true);
    else if (encoded.error().message().empty()) __builtin_trap();
  }
  return 0;
}
