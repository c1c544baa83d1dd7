// SPDX-License-Identifier: BSL-1.0
#include <cstddef>
#include <cstdint>
#include <string_view>

#include <typeformer/text/sentencepiece_file.hpp>

/// A SentencePiece model, which then encodes and decodes.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t* bytes, std::size_t size) {
  auto with = typeformer::parse_sentencepiece_model({reinterpret_cast<const char*>(bytes), size});
  if (!with) return with.error().message().empty() ? __builtin_trap(), 0 : 0;
  for (const std::string_view text :
       {"  a  t\xC3\xA9st <s> \xE2\x96\x81x \xE4\xB8\x96\xF0\x9F\x98\x81 ", "\xFF\xC3", ""}) {
    const auto encoded = with->encode(text);
    if (!encoded) __builtin_trap();
    for (const auto& offset : encoded->offsets)
      if (offset.begin > offset.end || offset.end > text.size()) __builtin_trap();
    (void)with->decode(encoded->ids);
  }
  return 0;
}
